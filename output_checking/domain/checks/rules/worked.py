"""Owns what a worked example is: records, an output made of them, and whether a rule finds anything. Must never hold one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Example:
    """Records of one person each, an output made of them, and whether the rule finds anything.

    Args:
        told: what it is, in words.
        worked: the formula with its figures.
        records: a column each.
        earlier: answers that were released before.
    """

    told: str
    worked: str
    is_found: bool
    records: Mapping[str, Sequence[Any]]
    spec: Mapping[str, Any]
    earlier: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


def split(*parts: tuple[Any, int]) -> list[Any]:
    """Return a column of values, each so many times."""
    return [value for value, times in parts for _ in range(times)]


def spread(count: int, *, step: int = 7) -> list[int]:
    """Return different numbers in no order: a design of such columns is of full rank, and no outcome lies in it."""
    return [one * one * step % 101 + one for one in range(count)]
