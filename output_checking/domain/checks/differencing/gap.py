"""Owns what differencing finds: a small group that stands out between tables. Must never say who is in it."""

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """How a reader gets at the group."""

    WITHIN = "within"
    AROUND = "around"
    SAME = "same"
    TOGETHER = "together"
    MOVED = "moved"
    SUMS = "sums"


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A group of fewer persons than the threshold that nobody published, but that follows.

    Args:
        way: how: the new cell lies `within` an earlier one or `around` it, is the `same` with other counts, has two roundings
            that `together` give it away, has members who `moved`, or it takes `sums` over several tables.
        cell: place of the new table's cell in its flat grid.
        where: its name.
        earlier: names of the earlier tables it takes.
        earlier_cell: the earlier cell's name, or how the sum is made.
        least, most: how few and how many persons the reader knows in the group.
        is_blurred: the new table is rounded or noised, and tells no more of the group than that leaves open of any cell.
    """

    way: Way
    cell: int
    where: str
    earlier: tuple[str, ...]
    earlier_cell: str
    least: int
    most: int
    is_blurred: bool = False


@dataclass(frozen=True, kw_only=True)
class Unsettled:
    """What could not be followed to its end, so a person must look.

    Args:
        code: reason code.
        sentence: what was not done, and why.
        figures: the numbers it went by.
    """

    code: str
    sentence: str
    figures: dict[str, int]
