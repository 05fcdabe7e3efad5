"""Owns what the sums of a table and of earlier answers give away between them, asked of the data. Must never compare counts of persons.

That is done by `differencing`, from the answers alone; here the records that two sums differ by are looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from output_checking.domain.checks.answer import JudgedCell
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.differencing.against import grid_keys
from output_checking.domain.checks.differencing.amounts import Pair, Shown, ample, find_known, find_pairs, show, told
from output_checking.domain.checks.differencing.earlier import read_earlier, released
from output_checking.domain.checks.differencing.extent import Domains
from output_checking.domain.checks.differencing.findings import MOST_TOLD, RULE, say_unsettled
from output_checking.domain.checks.differencing.gap import Unsettled, Way
from output_checking.domain.checks.differencing.released import Released, completed, sorted_axes
from output_checking.domain.checks.evidence.cells import Cell
from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.evidence.gather import gather
from output_checking.domain.checks.evidence.groups import Added, Between, Key, Most, find_added, largest_person
from output_checking.domain.checks.evidence.sql import condition
from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import Statistic, TableSpec
from output_checking.domain.checks.specification.reading import read_specification

MOST_GROUPS = 1_000
_SUMMED = {Statistic.SUM, Statistic.MEAN}
Judged = tuple[tuple[JudgedCell, ...], tuple[Finding, ...]]
Given = Mapping[str, Any]


@dataclass(frozen=True)
class _Group:
    """What a new cell and an earlier one differ by."""

    pair: Pair
    mine: Shown
    theirs: Shown

    @property
    def between(self) -> Between:
        own = (self.mine.spec, self.mine.keys[self.pair.mine])
        other = (self.theirs.spec, self.theirs.keys[self.pair.theirs])
        greater, lesser = (other, own) if self.pair.way is Way.WITHIN else (own, other)
        return Between(greater=greater, lesser=lesser)


def judge_sums(
    source: Source,
    judged: Sequence[JudgedCell],
    spec: TableSpec,
    earlier: Sequence[Given],
    *,
    appetite: Appetite,
    domains: Domains,
) -> Judged:
    """Return the judged cells with what the sums behind them give away beside earlier ones, and what was not followed.

    Args:
        source: the records.
        judged: the new table's cells.
        spec: what it is.
        earlier: answers as JSON has them; those on other measures are left out.
        appetite: what applies.
        domains: what is known of the columns.
    """
    alike = [one for one in _alike(spec, earlier, domains) if _is_there(source, one[1])]
    if not alike:
        return tuple(judged), ()
    most = largest_person(source, spec)
    others = [_earlier(source, *one, appetite=appetite, most=most) for one in alike]
    new = _new([one.cell for one in judged], spec, domains, most)
    known, enough = find_known(new, others), ample(spec, appetite)
    groups = (
        _Group(pair, new, one)
        for one in others
        for pair in find_pairs(new, one, threshold=appetite.threshold, ample=enough)
        if not known[pair.mine]
    )
    found = list(islice(groups, MOST_GROUPS + 1))
    cells, whole = _with_findings(source, judged, found[:MOST_GROUPS], appetite)
    return cells, (*whole, *_beyond(len(found)))


def _alike(spec: TableSpec, earlier: Sequence[Given], domains: Domains) -> Iterator[tuple[Given, TableSpec, Released]]:
    for number, given in enumerate(earlier, start=1):
        theirs = read_specification(given["spec"])
        if isinstance(theirs, TableSpec) and _is_alike(spec, theirs):
            table = read_earlier(given, str(given.get("name") or f"earlier answer {number}"), domains=domains)
            if table is not None:
                yield given, theirs, table


def _new(cells: Sequence[Cell], spec: TableSpec, domains: Domains, most: Most) -> Shown:
    values = {(one.row, one.column): one.value for one in cells}
    tops = {(one.row, one.column): one.measure.largest[0] for one in cells if one.measure}
    table = released(spec, cells, name="this table", domains=domains)
    return _shown(table, spec, values, _totals(cells), tops=tops, most=most)


def _earlier(
    source: Source, given: Given, spec: TableSpec, table: Released, *, appetite: Appetite, most: Most
) -> Shown:
    values: dict[Key, object] = {}
    tops: dict[Key, float] = {}
    for one in given["cells"]:
        key = tuple(map(str, one["row"])), tuple(map(str, one["column"]))
        values[key] = None if one.get("persons") is None else one.get("value")
        if (top := _largest(one)) is not None:
            tops[key] = top
    behind: Mapping[Key, float] = {}
    if spec.statistic is Statistic.MEAN:  # its sums are what is behind it now
        evidence = gather(source, spec, appetite)
        behind = _totals([*evidence.cells, *evidence.margins])
    return _shown(table, spec, values, behind, tops=tops, most=most)


def _largest(cell: Given) -> float | None:
    """The largest contribution to an earlier cell, where its answer has the evidence."""
    try:
        return float(cell["evidence"]["measure"]["largest"])
    except (KeyError, TypeError, ValueError):
        return None


def _totals(cells: Sequence[Cell]) -> dict[Key, float]:
    return {(one.row, one.column): one.measure.total for one in cells if one.measure}


def _is_there(source: Source, spec: TableSpec) -> bool:
    """Whether the data have what an earlier table was made of: else it was made of others, and only its counts are compared."""
    try:
        condition(spec.chosen, source)
    except CannotJudge:
        return False
    return {one.column for one in spec.dimensions} <= source.types.keys()


def _is_alike(spec: TableSpec, other: TableSpec) -> bool:
    return (
        all(_has_sums(one) for one in (spec, other))
        and (spec.measure, spec.weight) == (other.measure, other.weight)
        and (spec.statistic in _SUMMED) == (other.statistic in _SUMMED)
    )


def _has_sums(spec: TableSpec) -> bool:
    is_sum = spec.statistic in _SUMMED or spec.statistic is Statistic.COUNT
    return is_sum and not (spec.normalize or spec.rounding or spec.noise)


def _shown(
    table: Released,
    spec: TableSpec,
    values: Mapping[Key, object],
    behind: Mapping[Key, float],
    *,
    tops: Mapping[Key, float],
    most: Most,
) -> Shown:
    """The table with the sums its reader knows: those shown, or of means those behind them."""
    ordered = completed(sorted_axes(table))
    keys = grid_keys(ordered, spec)
    sums: dict[Key, float] = {}
    for key, value in values.items():
        if isinstance(value, int | float) and key not in spec.suppressed:
            found = behind.get(key) if spec.statistic is Statistic.MEAN else float(value)
            sums |= {} if found is None else {key: found}
    # where amounts below 0 are about, a person may add more to a part of a cell than to all of it
    within = [tops.get(key, most.amount) if most.is_never_negative else most.amount for key in keys]
    return show(ordered, spec, keys, known=sums, tops=within)


def _with_findings(
    source: Source, judged: Sequence[JudgedCell], groups: Sequence[_Group], appetite: Appetite
) -> Judged:
    if not groups:
        return tuple(judged), ()
    spec = groups[0].mine.spec
    found: dict[Key, list[Finding]] = {(one.cell.row, one.cell.column): [] for one in judged}
    elsewhere: list[Finding] = []  # of totals that the output does not show, but that its reader can add up
    added = find_added(source, spec, [one.between for one in groups], places=max(2, appetite.dominance_persons))
    for group, one in zip(groups, added, strict=True):
        why = told(one, spec, appetite)
        place = found.get(group.mine.keys[group.pair.mine], elsewhere)
        if why and len(place) < MOST_TOLD:
            place.append(_finding(group, one, why))
    cells = (replace(one, findings=(*one.findings, *found[one.cell.row, one.cell.column])) for one in judged)
    return tuple(cells), () if any(found.values()) else tuple(elsewhere)


def _finding(group: _Group, added: Added, why: str) -> Finding:
    earlier, cell = group.theirs.table, group.theirs.table.where(group.pair.theirs)
    return Finding(
        rule=RULE,
        figures={
            "way": str(group.pair.way),
            "earlier": earlier.name,
            "persons": added.holders,
            "difference": group.pair.amount,
        },
        sentence=f"What this cell and '{cell}' of {earlier.name} differ by is a sum as well: {why}.",
        learns="What a person adds, or nearly so, by subtraction.",
        remedy="Use the same population, bands and filter as the earlier answer, or hide or merge cells so that the difference is not known.",
    )


def _beyond(count: int) -> tuple[Finding, ...]:
    if count <= MOST_GROUPS:
        return ()
    return (
        say_unsettled(
            Unsettled(
                code="differencing.too_large",
                sentence=f"This table and the earlier ones differ by more than {MOST_GROUPS:,} sums that had to be looked at; the others were not.",
                figures={"bound": MOST_GROUPS},
            )
        ),
    )
