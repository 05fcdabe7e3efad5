"""Owns long lists cut into pages by number. Must never count or show a row that the policy's conditions leave out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")
PAGE_ROWS = 50
_SHOWN_BESIDE = 2


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    """One page of a list.

    Args:
        rows: what this page shows.
        number: which page this is, from 1.
        total: rows on all pages.
        size: most rows on a page.
    """

    rows: Sequence[Row]
    number: int
    total: int
    size: int = PAGE_ROWS

    @property
    def last(self) -> int:
        """Number of the last page, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def first_row(self) -> int:
        """Number of the first row shown, from 1; 0 where there is none."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last_row(self) -> int:
        """Number of the last row shown."""
        return (self.number - 1) * self.size + len(self.rows)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Page numbers to link to: the first, the last and those near this one; 0 stands for a gap."""
        wanted = sorted({1, self.last, *range(self.number - _SHOWN_BESIDE, self.number + _SHOWN_BESIDE + 1)})
        shown = [one for one in wanted if 1 <= one <= self.last]
        gaps = [one for at, one in enumerate(shown) for one in ([0, one] if at and one - shown[at - 1] > 1 else [one])]
        return tuple(gaps)


def page_number(text: str | None) -> int:
    """Return the page asked for; 1 when the text is no page number."""
    return max(1, int(text)) if text and text.isascii() and text.isdigit() and len(text) < 8 else 1  # noqa: PLR2004


def page_of(rows: Sequence[Row], number: int, *, size: int = PAGE_ROWS) -> Page[Row]:
    """Return one page of rows that are all in memory; the last one where `number` lies beyond it."""
    at = max(1, min(number, -(-len(rows) // size)))
    return Page(rows=rows[(at - 1) * size : at * size], number=at, total=len(rows), size=size)
