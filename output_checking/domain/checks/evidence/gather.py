"""Owns the gathering of a table's evidence, from survey to cells. Must never judge, nor keep a record."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import repeat

import numpy as np

from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.evidence.cells import Cell, Evidence, Line, Margin, Tail
from output_checking.domain.checks.evidence.contributions import Counted, Total, counted, fold_all
from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.evidence.folding import Folded, Whole
from output_checking.domain.checks.evidence.kept import Kept, keep
from output_checking.domain.checks.evidence.layout import Layout, Levels, lay_out
from output_checking.domain.checks.evidence.survey import survey
from output_checking.domain.checks.evidence.values import Shown, tails, values
from output_checking.domain.checks.specification.model import Normalize, Statistic, TableSpec

Over = tuple[int, ...]


def gather(source: Source, spec: TableSpec, appetite: Appetite) -> Evidence:
    """Return what stands behind each cell of a table, and behind its totals where it shows them.

    Raises:
        CannotJudge: when the data cannot bear the specification.
    """
    surveyed = survey(source, spec)
    layout = lay_out(source, spec.rows, spec.columns, chosen=spec.chosen)
    kept = keep(source, spec, layout, surveyed)
    margins, all_ = _margins(layout, spec), tuple(range(len(layout.dimensions)))
    directions = {over: _directions(layout, over) for over in ((), *margins.values())}
    valued = surveyed.quantities.keys() & {"x"}  # of a line only who has a value is asked
    names: dict[Over, Collection[str]] = {
        all_: (),
        **{over: valued for some in directions.values() for over in some.values()},
    }
    names |= dict.fromkeys(directions, surveyed.quantities)
    totals = {over: Total(codes=layout.totals(over), names=wanted) for over, wanted in names.items()}
    folded = fold_all(source, surveyed, totals, records=kept.records, places=max(2, appetite.dominance_persons))
    pass_ = _Pass(source, spec, layout, kept, totals, folded)
    cells = tuple(pass_.cells(directions[()]))
    given = _normalised(cells, tuple(pass_.margins(margins, directions)), spec)
    return Evidence(
        cells=given[: len(cells)],
        margins=given[len(cells) :],
        records=surveyed.records,
        chosen_records=kept.records,
        chosen_persons=int(folded[all_].persons.sum()),
    )


class _Pass:
    """One table's pass over the data: what its steps share."""

    def __init__(  # noqa: PLR0917 - what was found so far
        self,
        source: Source,
        spec: TableSpec,
        layout: Layout,
        kept: Kept,
        totals: Mapping[Over, Total],
        folded: Mapping[Over, Folded],
    ) -> None:
        self._source, self._spec, self._layout, self._kept = source, spec, layout, kept
        self._totals, self._folded = totals, folded

    def cells(self, directions: Mapping[str, Over]) -> Iterator[Cell]:
        """Yield the cells with the lines through them."""
        counted, shown, at = self._found(())
        through = self._through((), directions)
        for code, ((row, column), lines_) in enumerate(zip(self._layout.grid, through, strict=False)):
            yield _cell(counted.get(code), row, column, value=shown.get(code), tail=at.get(code), lines=lines_)

    def margins(self, margins: Mapping[Margin, Over], directions: Mapping[Over, Mapping[str, Over]]) -> Iterator[Cell]:
        """Yield the totals of each margin in the order of their levels, with the lines of totals through them."""
        for margin, over in margins.items():
            counted, shown, at = self._found(over)
            codes, through = np.unique(self._totals[over].codes), self._through(over, directions[over])
            for code, lines in zip(codes.tolist(), through, strict=False):
                row, column = self._layout.grid[code]
                yield _cell(
                    counted.get(code),
                    row if margin is Margin.ROW else (),
                    column if margin is Margin.COLUMN else (),
                    value=shown.get(code),
                    tail=at.get(code),
                    lines=lines,
                    margin=margin,
                )

    def _through(self, base: Over, directions: Mapping[str, Over]) -> Iterable[tuple[Line, ...]]:
        lines = zip(*(self._lines(along, over, base) for along, over in directions.items()), strict=True)
        return lines if directions else repeat(())

    def _lines(self, along: str, over: Over, base: Over) -> list[Line]:
        own = np.unique(self._totals[base].codes)
        codes, persons = self._totals[over].codes[own], _who_counts(self._folded[over])
        is_filled = _who_counts(self._folded[base])[own] > 0
        others = np.bincount(codes, is_filled)[codes].astype(np.int64) - is_filled
        possible = math.prod(self._layout.sizes[place] for place in over if place not in base)
        return [
            Line(along=along, persons=all_, others=other, possible=possible)
            for all_, other in zip(persons[codes].tolist(), others.tolist(), strict=True)
        ]

    def _found(self, over: Over) -> tuple[dict[int, Counted], dict[int, Shown], dict[int, Tail]]:
        tally = self._kept.tally.summed(self._totals[over].codes) if over else self._kept.tally
        found = counted(self._folded[over], tally, self._kept.indicators)
        shown = values(self._source, self._layout, self._spec, found, over=over)
        return found, shown, tails(self._source, self._layout, self._spec, over=over)


def _who_counts(folded: Folded) -> Whole:
    return folded.shares["x"].holders if "x" in folded.shares else folded.persons


def _margins(layout: Layout, spec: TableSpec) -> dict[Margin, Over]:
    rows, columns = layout.row_places, layout.column_places
    if not spec.margins or not (rows or columns):
        return {}
    both = {Margin.ROW: columns, Margin.COLUMN: rows} if rows and columns else {}
    return {**both, Margin.TOTAL: rows + columns}


def _directions(layout: Layout, base: Over) -> dict[str, Over]:
    """What is summed over, besides `base`, on each line through a cell or a total."""
    wanted = {"row": layout.column_places, "column": layout.row_places}
    wanted |= {one.column: (place,) for place, one in enumerate(layout.dimensions)}
    kept: dict[Over, str] = {}
    for along, places in wanted.items():
        if math.prod(layout.sizes[place] for place in places if place not in base) > 1:
            kept.setdefault(tuple(sorted({*base, *places})), along)
    return {along: over for over, along in kept.items()}


def _cell(
    found: Counted | None,
    row: Levels,
    column: Levels,
    *,
    value: Shown,
    tail: Tail | None,
    lines: tuple[Line, ...] = (),
    margin: Margin = Margin.NONE,
) -> Cell:
    return Cell(
        row=row,
        column=column,
        margin=margin,
        persons=found.persons if found else 0,
        records=found.records if found else 0,
        value=value,
        measure=found.measure if found else None,
        denominator=found.denominator if found else None,
        tail=tail,
        lines=lines,
    )


def _normalised(cells: tuple[Cell, ...], margins: tuple[Cell, ...], spec: TableSpec) -> tuple[Cell, ...]:
    if spec.statistic.is_frequency or spec.statistic is Statistic.SUM:
        # nobody there is a number as well: it is what the reader sees
        cells, margins = (
            tuple(one if one.value else replace(one, value=0) for one in some) for some in (cells, margins)
        )
    if spec.normalize is Normalize.NONE:
        return cells + margins
    wholes: dict[Levels, float] = {}
    for one in cells:
        whole = _whole(one, spec.normalize)
        if whole:
            wholes[()] = wholes.get((), 0.0) + float(one.value or 0)
        wholes[whole] = wholes.get(whole, 0.0) + float(one.value or 0)
    return tuple(replace(one, value=_share(one, wholes.get(_whole(one, spec.normalize)))) for one in cells + margins)


def _whole(cell: Cell, normalize: Normalize) -> Levels:
    return {Normalize.ROW: cell.row, Normalize.COLUMN: cell.column}.get(normalize, ())


def _share(cell: Cell, whole: float | None) -> float | None:
    return float(cell.value or 0) / whole if whole else None
