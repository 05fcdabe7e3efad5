"""Owns which columns and cells of a table hold counts of persons. Must never judge a count, only say where one is.

To miss a count is worse than to ask about a number: a column of whole numbers is taken for counts unless its name or its
values say otherwise. Only what is clearly a label (year, age, code, position, group key) or a statistic is passed over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from output_checking.domain.checks.files.tabular import Table
from output_checking.domain.checks.files.words import is_count_name, is_label_name, is_statistic_name

# 12; 1,234; 12.0 of a data frame with gaps; 12 (3.4%) as papers write it. Bounded: no count has more than 18 digits.
_WHOLE = re.compile(r"(\d{1,3}(?:,\d{3}){1,5}|\d{1,18})(?:\.0+)?(?:\s*[(\[].*[)\]])?")
# what people write where a number was taken out: <10; ONS's [c], [z], [low]; stars and dots
_SUPPRESSED = re.compile(
    r"|<=?\s*\d+|≤\s*\d+|\*+|\.+|-+|–|—|\[[a-z]+\]|x|na|n/a|nan|null|none|suppressed|redacted|low", re.IGNORECASE
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2100


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A column taken for counts.

    Args:
        place: 0 is the first column.
        rows: data rows (1 is the first) of which the cell is a count; None for all.
        is_named: True when a name says that it is a count.
        because: why it was taken, for the finding.
    """

    place: int
    name: str
    is_named: bool
    because: str
    rows: frozenset[int] | None = None


def read_columns(table: Table) -> Iterator[Reading]:
    """Yield where in `table` there are counts, column by column."""
    keys = _key_columns(table)
    counted_rows = (
        frozenset(row for row, label in enumerate(table.column(0), start=1) if is_count_name(label))
        if table.columns
        else frozenset()
    )
    for place, name in enumerate(table.columns):
        if is_statistic_name(name):
            continue
        if is_count_name(name):
            yield Reading(place=place, name=name, is_named=True, because="the column's name says so")
        elif _looks_counted(table, place, keys=keys):
            yield Reading(place=place, name=name, is_named=False, because="the column holds whole numbers only")
        elif counted_rows and place > 0 and not is_label_name(name):
            yield Reading(place=place, name=name, is_named=True, because="the row's name says so", rows=counted_rows)


def whole_number(cell: str) -> int | None:
    """Return the whole number that a cell is written as, else None."""
    found = _WHOLE.fullmatch(cell)
    return int(found.group(1).replace(",", "")) if found else None


def _looks_counted(table: Table, place: int, *, keys: int) -> bool:
    if is_label_name(table.columns[place]):
        return False
    cells = [cell for cell in table.column(place) if not _SUPPRESSED.fullmatch(cell)]
    numbers = [number for cell in cells if (number := whole_number(cell)) is not None]
    if not cells or len(numbers) < len(cells):
        return False
    are_years = all(_FIRST_YEAR <= one <= _LAST_YEAR for one in numbers)
    return not are_years and not (place < keys and _are_codes(numbers))


def _key_columns(table: Table) -> int:
    # a grouped table names its groups in its first columns: as many as it takes to tell all rows apart
    for width in range(1, len(table.columns)):
        if len({row[:width] for row in table.rows}) == len(table.rows):
            return width
    return 0


def _are_codes(numbers: list[int]) -> bool:
    # 0/1, 1/2, 1 to k, 0 to k: how groups and positions are coded
    distinct = sorted(set(numbers))
    return distinct[0] in {0, 1} and distinct == list(range(distinct[0], distinct[0] + len(distinct)))
