"""Owns which lists of persons apply to a snapshot and from when. Must never see who is on one: it works on names of lists.

Three kinds of list: opt-outs and refusals (whoever is on it is left out) and consents (whoever is not on it is left out).
What each list rests on, and whether a project may be exempted from it, is in `grounds`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tre.data.domain.contract import Contract
from tre.kernel.errors import Invalid

NATIONAL = "national data opt-out"
TYPE_1 = "type 1 opt-out"
LISTS = (NATIONAL, TYPE_1)
"""Opt-outs that are the same for every project: a contract names those that apply to its dataset."""

REFUSALS = "refusals of this study"
CONSENTS = "consent to this study"
STUDY_LISTS = (REFUSALS, CONSENTS)
"""Lists of one project: who refused or withdrew, who consented."""

BY_CONSENT = "consent"
"""Answer of an application on the duty of confidentiality: nobody is in the snapshot who did not consent to the study."""

Lists = Mapping[tuple[str, str], str]
"""(list, namespace) to the SHA-256 of the list in force."""


class Effect(StrEnum):
    """What being on a list does."""

    LEAVE_OUT = "leave out"
    KEEP_ONLY = "keep only"


@dataclass(frozen=True, kw_only=True)
class OptOutRule:
    """Persons on `list` whose entry is in effect on `on` are left out of the namespace's tables, or are the only ones kept.

    An entry is in effect from its effective date until the day on which it was withdrawn, that day not included.

    Args:
        sha256: of the list in force, which names its file in the store.
    """

    list: str
    namespace: str
    sha256: str
    on: date
    effect: Effect = Effect.LEAVE_OUT

    @property
    def told(self) -> str:
        """The rule as counts of persons are told by it: "12 persons by the …"."""
        return self.list if self.effect == Effect.LEAVE_OUT else f"lack of {self.list}"


@dataclass(frozen=True, kw_only=True)
class Use:
    """What a project's approval says that decides which lists apply to it.

    Args:
        basis: its answer on the duty of confidentiality (a code of `projects.domain.choices.COMMON_LAW`).
        exempt: (list, dataset) pairs from which it was exempted, each with a recorded reason.
    """

    basis: str = ""
    exempt: Collection[tuple[str, str]] = ()


def rules_for(
    contracts: Sequence[Contract], lists: Lists, *, on: date, use: Use | None = None
) -> tuple[OptOutRule, ...]:
    """Return the rules for a snapshot of these datasets: a list that applies to one dataset of a namespace applies to all of it.

    A person who said no is absent from every table in which they could be recognised as the same person, not just from
    the dataset whose contract names the list. So an exemption counts only where each dataset that names the list is exempt.

    Args:
        contracts: of the datasets in the snapshot.
        lists: in force for this project.
        on: day for which entries are in effect.
        use: what the project's approval says; None for a project without anything particular.

    Raises:
        Invalid: a list applies and none was loaded: no snapshot is built without it.
    """
    wanted = sorted({*_opt_outs(contracts, use or Use()), *_consents(contracts, use or Use())})
    for name, namespace, _ in wanted:
        if (name, namespace) not in lists:
            raise _not_loaded(name, namespace)
    refused = [(REFUSALS, space, Effect.LEAVE_OUT) for space in _spaces(contracts) if (REFUSALS, space) in lists]
    return tuple(
        OptOutRule(list=name, namespace=space, sha256=lists[name, space], on=on, effect=effect)
        for name, space, effect in (*wanted, *refused)
    )


def _opt_outs(contracts: Sequence[Contract], use: Use) -> set[tuple[str, str, Effect]]:
    return {
        (term.name, contract.namespace, Effect.LEAVE_OUT)
        for contract in contracts
        for term in contract.opt_outs
        if (term.name, contract.dataset) not in use.exempt
    }


def _consents(contracts: Sequence[Contract], use: Use) -> set[tuple[str, str, Effect]]:
    """Return the consents that contracts name; and where the project rests on consent, that to the study.

    A dataset whose contract names no list was never confidential (a public survey): no consent is asked for it.
    """
    named = {(term.name, one.namespace, Effect.KEEP_ONLY) for one in contracts for term in one.consents}
    if use.basis == BY_CONSENT:
        confidential = [one for one in contracts if one.opt_outs or one.consents]
        named |= {(CONSENTS, one.namespace, Effect.KEEP_ONLY) for one in confidential}
    return named


def _spaces(contracts: Sequence[Contract]) -> list[str]:
    return sorted({one.namespace for one in contracts})


def _not_loaded(name: str, namespace: str) -> Invalid:
    sentence = f"The {name} applies, and no list of it was loaded for {namespace}: its custodian must load one first."
    return Invalid({"opt_outs": sentence}, code="data.opt_outs.missing")
