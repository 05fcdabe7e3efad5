"""Owns the terms on which a dataset may be used: opt-outs, consent, retention, permitted uses, coverage. Must never decide."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Term:
    """An opt-out list or a consent that applies to a dataset.

    Args:
        name: of the list or the consent (`national data opt-out`).
        legal_basis: why it applies: the basis on which the data are used.
        source: where that is laid down (policy, section, link).
    """

    name: str
    legal_basis: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long the dataset's versions are kept: until a day, or so many years after each was loaded, and why."""

    until: date | None = None
    years: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class PermittedUse:
    """A use that is permitted, as a term of the GA4GH Data Use Ontology.

    Args:
        code: `DUO:0000042`.
        label: of the ontology.
        detail: what a modifier needs to say (the disease, the place, the project), empty where it needs nothing.
    """

    code: str
    label: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What the dataset covers: days from and until (None where it goes on), places, population; empty where not told."""

    start: date | None = None
    until: date | None = None
    places: tuple[str, ...] = ()
    population: str = ""
