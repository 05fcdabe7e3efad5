"""Owns which opt-outs apply to a dataset and from when. Must never see who opted out: it works on names of lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tre.data.domain.contract import Contract
from tre.kernel.errors import Invalid

NATIONAL = "national data opt-out"
"""People in England may say no to use of their confidential information beyond their own care.

Source: NHS England, national data opt-out operational policy guidance. It does not apply to data that were never
confidential patient information, such as a public survey: the contract says which lists apply, and why.
"""

LISTS = (NATIONAL,)


@dataclass(frozen=True, kw_only=True)
class OptOutRule:
    """Persons on `list` whose opt-out is in effect on `on` are left out of the namespace's tables.

    Args:
        sha256: of the list in force, which names its file in the store.
    """

    list: str
    namespace: str
    sha256: str
    on: date


def rules_for(
    contracts: Sequence[Contract], lists: Mapping[tuple[str, str], str], *, on: date
) -> tuple[OptOutRule, ...]:
    """Return the rules for a snapshot of these datasets: a list that applies to one dataset of a namespace applies to all of it.

    A person who said no is absent from every table in which they could be recognised as the same person, not just from
    the dataset whose contract names the list.

    Args:
        contracts: of the datasets in the snapshot.
        lists: (list, namespace) to the SHA-256 of the list in force.
        on: day for which opt-outs are in effect.

    Raises:
        Invalid: a list applies and none was loaded: no snapshot is built without it.
    """
    wanted = sorted({(name, contract.namespace) for contract in contracts for name in contract.opt_outs})
    for name, namespace in wanted:
        if (name, namespace) not in lists:
            sentence = (
                f"The {name} applies, and no list of it was loaded for {namespace}: its custodian must load one first."
            )
            raise Invalid({"opt_outs": sentence}, code="data.opt_outs.missing")
    return tuple(OptOutRule(list=name, namespace=space, sha256=lists[name, space], on=on) for name, space in wanted)
