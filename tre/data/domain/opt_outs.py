"""Owns which opt-outs apply to a dataset and from when. Must never see who opted out: it works on names of lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tre.data.domain.contract import Contract

NATIONAL = "national data opt-out"
"""People in England may say no to use of their confidential information beyond their own care.

Source: NHS England, national data opt-out operational policy guidance. It does not apply to data that were never
confidential patient information, such as a public survey: the contract says which lists apply, and why.
"""

LISTS = (NATIONAL,)


@dataclass(frozen=True, kw_only=True)
class OptOutRule:
    """Persons on `list` whose opt-out is in effect on `on` are left out of the namespace's tables."""

    list: str
    namespace: str
    on: date


def rules_for(contracts: Sequence[Contract], *, on: date) -> tuple[OptOutRule, ...]:
    """Return the rules for a snapshot of these datasets: a list that applies to one dataset of a namespace applies to all of it.

    A person who said no is absent from every table in which they could be recognised as the same person, not just from
    the dataset whose contract names the list.
    """
    wanted = {(name, contract.namespace) for contract in contracts for name in contract.opt_outs}
    return tuple(OptOutRule(list=name, namespace=namespace, on=on) for name, namespace in sorted(wanted))
