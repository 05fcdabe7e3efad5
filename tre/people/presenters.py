"""Owns how rows of people are turned into what other rooms and pages see. Must never ask the records for more."""

from dataclasses import dataclass
from datetime import date, datetime

from tre.kernel.facts import Standing
from tre.people.domain.person import Person
from tre.people.domain.training import light
from tre.people.tables import PersonRow, SignatureRow, TrainingRow


@dataclass(frozen=True, kw_only=True)
class Light:
    """One thing that must be in order: its name, state, when it ends (None where it does not), what is known, what to do, and
    the page (`href`) where it is done, empty where nothing is to be done or others have to.
    """

    name: str
    state: str
    ends_on: date | None = None
    said: str = ""
    advice: str = ""
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class TrainingView:
    """One record of training for the page."""

    training_id: str
    course: str
    issuer: str
    completed_on: date
    expires_on: date
    kind: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """That a person's access is stopped: since when, by whom (person id, and name where it is asked for), and why."""

    at: datetime
    by: str
    why: str
    by_name: str = ""


@dataclass(frozen=True, kw_only=True)
class StandingView:
    """A person's standing for the page: the lights, and what stands behind them."""

    person: Person
    lights: tuple[Light, ...]
    training: tuple[TrainingView, ...]
    signed_at: datetime | None
    terms_signed: str
    stopped: Stopped | None = None

    @property
    def is_in_order(self) -> bool:
        """Say whether nothing is missing or expired."""
        return all(one.state in {"in_order", "ends_soon", "not_needed"} for one in self.lights)


def person_of(row: PersonRow) -> Person:
    """Return a person as other rooms see them."""
    return Person(
        person_id=row.id,
        name=row.name,
        organisation=row.organisation,
        roles=frozenset(one.role for one in row.roles),
        is_active=row.is_active,
    )


def standing_facts(row: PersonRow, *, terms_current: str) -> Standing:
    """Return a person's standing as the policy asks for it."""
    ends = max((one.expires_on for one in row.training), default=None)
    return Standing(
        training_expires_on=ends.isoformat() if ends else "",
        terms_signed=_newest_signature(row, terms_current).version,
        terms_current=terms_current,
        is_active=row.is_active,
    )


def standing_view(row: PersonRow, *, terms_current: str, today: date) -> StandingView:
    """Return a person's standing for the page."""
    signature = _newest_signature(row, terms_current)
    return StandingView(
        person=person_of(row),
        lights=(
            _if_needed(row, _training_light(row, today)),
            _if_needed(row, _terms_light(signature, terms_current)),
            _affiliation_light(row),
        ),
        training=tuple(_training_view(one, today) for one in row.training),
        signed_at=signature.signed_at if signature.version else None,
        terms_signed=signature.version,
        stopped=Stopped(at=row.stopped_at, by=row.stopped_by, why=row.stopped_why) if row.stopped_at else None,
    )


def _newest_signature(row: PersonRow, terms_current: str) -> SignatureRow:
    """The signature under the terms in force, else the latest, else one without a version."""
    ordered = sorted(row.signatures, key=lambda one: (one.version == terms_current, one.signed_at), reverse=True)
    return ordered[0] if ordered else SignatureRow(version="", text_sha256="")


def _training_view(row: TrainingRow, today: date) -> TrainingView:
    return TrainingView(
        training_id=row.id,
        course=row.course,
        issuer=row.issuer,
        completed_on=row.completed_on,
        expires_on=row.expires_on,
        kind=row.certificate_kind,
        state=light(row.expires_on, today=today),
    )


def _if_needed(row: PersonRow, light_: Light) -> Light:
    """Return the light, or that nothing is needed: only a researcher's acts ask for training and terms."""
    if light_.state != "missing" or any(one.role == "researcher" for one in row.roles):
        return light_
    return Light(name=light_.name, state="not_needed", said="Needed by researchers only.")


def _training_light(row: PersonRow, today: date) -> Light:
    ends = max((one.expires_on for one in row.training), default=None)
    state = light(ends, today=today)
    advice = {
        "missing": "Record the course you took and its certificate.",
        "expired": "Take the course again, then record the new certificate: until then no workspace opens.",
        "ends_soon": "Book the course again now: when it ends, your workspaces close.",
        "in_order": "",
    }
    href = "/standing/training" if advice[state] else ""
    return Light(name="Training", state=state, ends_on=ends, advice=advice[state], href=href)


def _terms_light(signature: SignatureRow, terms_current: str) -> Light:
    if not signature.version:
        return Light(
            name="Terms of use", state="missing", advice="Read the terms and sign them.", href="/standing/terms"
        )
    if signature.version != terms_current:
        return Light(
            name="Terms of use",
            state="expired",
            advice="The terms have changed. Read the new ones and sign them.",
            href="/standing/terms",
        )
    return Light(name="Terms of use", state="in_order", said=f"Version {signature.version} is signed.")


def _affiliation_light(row: PersonRow) -> Light:
    if not row.is_active:
        return Light(
            name="Access",
            state="stopped_by_admin",
            advice="Your access was stopped. Ask the people who run this service why.",
        )
    if not row.organisation:
        return Light(
            name="Affiliation",
            state="missing",
            advice="Ask the people who run this service to record whom you work for.",
        )
    return Light(name="Affiliation", state="in_order", said=row.organisation)
