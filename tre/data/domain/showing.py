"""Owns how figures of risk and linkage are told: small counts withheld, the others rounded. Must never pass on an exact count.

The size of the smallest group (k) is told as it is: it says how close the crowd is, and of nobody who is in it.
"""

from typing import Any

from tre.data.domain.linkage import PairFigures
from tre.data.domain.risk import RiskFigures
from tre.data.domain.small_numbers import rounded, told


def risk_shown(found: RiskFigures) -> dict[str, Any]:
    """Return the figures of one table as plain data that may be kept and shown."""
    return {
        "table": found.table,
        "known": list(found.quasi_identifiers),
        "k": found.k,
        "groups": found.groups,
        "persons": _said(found.persons),
        "uniques": _said(found.uniques),
        "under_ten": _said(found.under_ten),
        "diversity": [[column, fewest] for column, fewest in found.diversity],
        "without": [[one.column, one.k, _said(one.uniques)] for one in found.without],
    }


def linkage_shown(found: PairFigures) -> dict[str, Any]:
    """Return the figures of one pair of datasets as plain data that may be kept and shown; shares are of rounded counts."""
    counts = {
        "In both": found.both,
        f"In {found.first} only": found.first_only,
        f"In {found.second} only": found.second_only,
    }
    longest = max(rounded(one) for one in counts.values()) or 1
    return {
        "first": found.first,
        "second": found.second,
        "told": f"{_share(found.both, found.both + found.first_only)} of the people in {found.first} are in {found.second}, "
        f"and {_share(found.both, found.both + found.second_only)} of those in {found.second} are in {found.first}.",
        "bars": [[label, _said(one), round(rounded(one) / longest, 3)] for label, one in counts.items()],
        "tables": [
            [one.dataset, one.table, _said(one.persons), _share(one.linked, one.persons)] for one in found.tables
        ],
    }


def _said(count: int) -> str:
    return told(count) if count else "none"


def _share(part: int, whole: int) -> str:
    of = rounded(whole)
    return f"{round(100 * min(rounded(part), of) / of)} per cent" if of else "an unknown share"
