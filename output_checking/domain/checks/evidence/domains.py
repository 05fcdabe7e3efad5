"""Owns what the data say of whole columns: their range, their levels, whether any value is missing. Must never return a record.

A column of numbers or dates has its least and greatest value looked up; a text column its levels, where there are few.
"""

from collections.abc import Iterable

from output_checking.domain.checks.differencing.extent import MISSING, Domain, Extent, only, reading
from output_checking.domain.checks.evidence.duck import Source, quoted

MOST_LEVELS = 1_000
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")


def find_domains(source: Source, columns: Iterable[str]) -> dict[str, Domain]:
    """Return what is known of the columns that are in the data."""
    return {one: _domain(source, one) for one in columns if one in source.types}


def _domain(source: Source, column: str) -> Domain:
    name, kind = quoted(column), source.types[column]
    if source.is_number(column) or kind == "DATE":
        ((low, high, missing),) = source.rows(
            f"select cast(min({name}) as varchar), cast(max({name}) as varchar), count(*) > count({name}) from {source.relation}"
        )
        return Domain(_between(low, high) | (MISSING if missing else Extent()), whole=kind in {*_WHOLE, "DATE"})
    found = source.rows(f"select distinct cast({name} as varchar) from {source.relation} limit {MOST_LEVELS + 1}")
    return Domain() if len(found) > MOST_LEVELS else Domain(only(value for (value,) in found))


def _between(low: str | None, high: str | None) -> Extent:
    ends = [reading(one) for one in (low, high)]
    read = [one if isinstance(one, float) else _number(text) for one, text in zip(ends, (low, high), strict=True)]
    if None in read:
        return Extent()
    return Extent(spans=(((read[0], 0), (read[1], 1)),))  # type: ignore[arg-type]


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)
