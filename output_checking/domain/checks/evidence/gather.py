"""Owns the gathering of a table's evidence, from survey to cells. Must never judge, nor keep a record."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.evidence.cells import Cell, Evidence, Line, Margin, Tail
from output_checking.domain.checks.evidence.contributions import (
    Counted,
    Tally,
    count,
    keep,
    persons_in,
    tally,
    totalled,
)
from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.evidence.layout import Layout, lay_out
from output_checking.domain.checks.evidence.survey import Survey, survey
from output_checking.domain.checks.evidence.values import Shown, tails, values
from output_checking.domain.checks.specification.model import Normalize, Statistic, TableSpec

Levels = tuple[str, ...]


def gather(source: Source, spec: TableSpec, appetite: Appetite) -> Evidence:
    """Return what stands behind each cell of a table, and behind its totals where it shows them.

    Raises:
        CannotJudge: when the data cannot bear the specification.
    """
    surveyed = survey(source, spec)
    layout = lay_out(source, spec.rows, spec.columns, chosen=spec.chosen)
    sums, persons = keep(source, spec, layout, surveyed)
    pass_ = _Pass(source, spec, layout, surveyed, places=max(2, appetite.dominance_persons), additive=sums == persons)
    alone = pass_.cells()
    # totals first: who is in a row is then known for the lines as well
    margins = tuple(pass_.margins()) if spec.margins else ()
    cells = tuple(pass_.with_lines(alone))
    shown = _normalised(cells, margins, spec)
    return Evidence(
        cells=shown[: len(cells)],
        margins=shown[len(cells) :],
        records=surveyed.records,
        chosen_records=sum(one.records for one in cells),
        chosen_persons=persons,
    )


class _Pass:
    """One table's pass over the data: what its steps share."""

    def __init__(
        self, source: Source, spec: TableSpec, layout: Layout, surveyed: Survey, *, places: int, additive: bool
    ) -> None:
        self._source, self._spec, self._layout, self._surveyed = source, spec, layout, surveyed
        self._places = places
        self._additive = additive
        self._tallies = tally(source, surveyed)
        self._totals_known: dict[tuple[int, ...], dict[int, Counted]] = {}

    def cells(self) -> list[Cell]:
        counted = self._counted(())
        shown, at = self._values(counted, ())
        return [
            _cell(counted.get(code), row=row, column=column, value=shown.get(code), tail=at.get(code))
            for code, row, column in self._layout.cells()
        ]

    def with_lines(self, cells: list[Cell]) -> Iterator[Cell]:
        """Yield the cells with the lines through them."""
        through: list[tuple[Line, ...]] = [()] * len(cells)
        for along, over in self._directions().items():
            codes = [self._layout.without(code, over) for code in range(len(cells))]
            filled: dict[int, int] = {}
            summed: dict[int, int] = {}
            for code, cell in zip(codes, cells, strict=True):
                filled[code] = filled.get(code, 0) + (cell.persons > 0)
                summed[code] = summed.get(code, 0) + cell.persons
            persons = summed if self._additive else self._persons(over)
            possible = math.prod(self._layout.sizes[place] for place in over)
            for place, code in enumerate(codes):
                others = filled[code] - (cells[place].persons > 0)
                line = Line(along=along, persons=persons.get(code, 0), others=others, possible=possible)
                through[place] += (line,)
        yield from (replace(cell, lines=lines) for cell, lines in zip(cells, through, strict=True))

    def margins(self) -> Iterator[Cell]:
        rows, columns = self._layout.row_places, self._layout.column_places
        if rows and columns:
            yield from self._totals(Margin.ROW, columns)
            yield from self._totals(Margin.COLUMN, rows)
        if rows or columns:
            yield from self._totals(Margin.TOTAL, rows + columns)

    def _directions(self) -> dict[str, tuple[int, ...]]:
        layout = self._layout
        wanted = {"row": layout.column_places, "column": layout.row_places}
        wanted |= {one.column: (place,) for place, one in enumerate(layout.dimensions)}
        kept: dict[tuple[int, ...], str] = {}
        for along, over in wanted.items():
            if math.prod(layout.sizes[place] for place in over) > 1:
                kept.setdefault(over, along)
        return {along: over for over, along in kept.items()}

    def _totals(self, margin: Margin, over: tuple[int, ...]) -> Iterator[Cell]:
        counted = self._counted(over)
        shown, at = self._values(counted, over)
        for code, row, column in self._layout.cells():
            if self._layout.without(code, over) != code:
                continue
            row_kept = () if margin in {Margin.COLUMN, Margin.TOTAL} else row
            column_kept = () if margin in {Margin.ROW, Margin.TOTAL} else column
            cell = _cell(counted.get(code), row=row_kept, column=column_kept, value=shown.get(code), tail=at.get(code))
            yield replace(cell, margin=margin)

    def _persons(self, over: tuple[int, ...]) -> dict[int, int]:
        if over in self._totals_known:
            return {code: one.persons for code, one in self._totals_known[over].items()}
        return persons_in(self._source, self._layout, over)

    def _counted(self, over: tuple[int, ...]) -> dict[int, Counted]:
        tallies: dict[int, Tally] = totalled(self._tallies, self._layout, over) if over else self._tallies
        counted = count(
            self._source, self._layout, self._surveyed, tallies, over=over, places=self._places, additive=self._additive
        )
        self._totals_known[over] = counted
        return counted

    def _values(
        self, counted: Mapping[int, Counted], over: tuple[int, ...]
    ) -> tuple[dict[int, Shown], dict[int, Tail]]:
        shown = values(self._source, self._layout, self._spec, counted, over=over)
        return shown, tails(self._source, self._layout, self._spec, over=over)


def _cell(found: Counted | None, *, row: Levels, column: Levels, value: Shown, tail: Tail | None) -> Cell:
    if found is None:
        return Cell(row=row, column=column, persons=0, records=0, value=None)
    return Cell(
        row=row,
        column=column,
        persons=found.persons,
        records=found.records,
        value=value,
        measure=found.measure,
        denominator=found.denominator,
        tail=tail,
    )


def _normalised(cells: tuple[Cell, ...], margins: tuple[Cell, ...], spec: TableSpec) -> tuple[Cell, ...]:
    if spec.statistic.is_frequency or spec.statistic is Statistic.SUM:
        # nobody there is a number as well: it is what the reader sees
        cells, margins = (tuple(replace(one, value=one.value or 0) for one in some) for some in (cells, margins))
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
