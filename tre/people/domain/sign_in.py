"""Owns what a proven sign-in is and how long its session lives. Must never speak to a provider."""

from dataclasses import dataclass
from datetime import datetime, timedelta

IDLE = timedelta(hours=1)
SEEN_AGAIN_AFTER = timedelta(minutes=1)  # the records are not written at every click


@dataclass(frozen=True, kw_only=True)
class ProvenPerson:
    """Whom the identity provider vouches for, every check of the token done.

    Args:
        person_id: the claim that names the person here; not yet checked against the form of a person id.
        account: issuer and subject, the one account that this person signs in with.
        name: full name for pages and the record.
        strength: `acr`, how it was proved.
        id_token: for signing out at the provider.
    """

    person_id: str
    account: str
    name: str
    strength: str
    id_token: str


def is_live(*, opened_at: datetime, seen_at: datetime, now: datetime, longest: timedelta) -> bool:
    """Say whether a session still counts: neither too old nor idle too long (OWASP ASVS 3.3)."""
    return now < opened_at + longest and now < seen_at + IDLE
