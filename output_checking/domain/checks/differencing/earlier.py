"""Owns how an answer, new or earlier, becomes a table that differencing can hold against others. Must never touch data."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from output_checking.domain.checks.differencing.extent import Domains
from output_checking.domain.checks.differencing.laying import Cells, Sums, lay
from output_checking.domain.checks.differencing.population import NO_DOMAINS
from output_checking.domain.checks.differencing.released import Floats, Released
from output_checking.domain.checks.differencing.shown import has_sums
from output_checking.domain.checks.evidence.cells import Cell, Key
from output_checking.domain.checks.kinds.bins import table_named
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import HistogramSpec, Statistic, TableSpec
from output_checking.domain.checks.specification.reading import read_specification

Given = Mapping[str, Any]
Behind = Callable[[TableSpec], Mapping[Key, float]]


def as_table(given: Given, name: str) -> tuple[Given, TableSpec | None]:
    """Return an earlier answer and what it is, a histogram as the table of its bins; None where it is no table (a model, a curve).

    Raises:
        CannotJudge: `earlier.malformed`, or the specification's own codes.
    """
    if not isinstance(given, Mapping) or "spec" not in given:
        raise _malformed(name)
    try:
        spec = read_specification(given["spec"])
    except CannotJudge as error:
        raise CannotJudge(f"The earlier answer '{name}' cannot be read. {error.sentence}", code=error.code) from error
    if isinstance(spec, HistogramSpec):
        return _bins(given, spec, name)
    return given, spec if isinstance(spec, TableSpec) else None


def _bins(given: Given, spec: HistogramSpec, name: str) -> tuple[Given, TableSpec]:
    try:
        table, labels = table_named(spec, [one["column"][0] for one in given["cells"]])
        return {**given, "cells": [{**one, "column": [labels[one["column"][0]]]} for one in given["cells"]]}, table
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise _malformed(name) from error


def read_earlier(
    given: Given, spec: TableSpec, *, name: str, domains: Domains = NO_DOMAINS, behind: Behind | None = None
) -> Released:
    """Return an earlier answer as a table.

    Args:
        given: at least `cells`, each with `row`, `column` and `persons`, which is null where it was hidden. Where the answer kept
            its private part, each cell has `members`: keyed digests as hexadecimal text.
        spec: what it is.
        name: what it is called in a finding.
        domains: what is known of the columns.
        behind: gives the sums behind a table of means whose answer does not say them; None where its sums are not to be compared.

    Raises:
        CannotJudge: `earlier.malformed`.
    """
    try:
        cells = given["cells"]
        keys = list(map(_key, cells))
        persons = np.array([_persons(one) for one in cells], dtype=float)
        sums = _sums(spec, keys, cells, behind) if behind and has_sums(spec) else None
        told = Cells(keys=keys, persons=persons, sums=sums, members=[one.get("members") for one in cells])
        return lay(spec, told, name=name, domains=domains)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise _malformed(name) from error


def lay_new(
    spec: TableSpec,
    cells: Sequence[Cell],
    *,
    domains: Domains = NO_DOMAINS,
    members: Sequence[Sequence[str] | None] = (),
) -> Released:
    """Return a judged table as differencing sees it.

    Args:
        spec: what it is.
        cells: its true cells, totals among them.
        domains: what is known of the columns.
        members: keyed digests of each cell's persons, in the order of `cells`; empty where they were not kept.
    """
    sums = None
    if has_sums(spec):
        sums = Sums(
            amounts=np.array([_amount(one, spec) for one in cells], dtype=float),
            tops=np.array([one.measure.largest[0] if one.measure else np.nan for one in cells], dtype=float),
        )
    persons = np.array([one.persons for one in cells], dtype=float)
    told = Cells(keys=[(one.row, one.column) for one in cells], persons=persons, sums=sums, members=members)
    return lay(spec, told, name="this table", domains=domains)


def _amount(cell: Cell, spec: TableSpec) -> float:
    if not isinstance(cell.value, int | float):
        return np.nan
    if spec.statistic is Statistic.MEAN:
        return cell.measure.total if cell.measure else np.nan
    return float(cell.value)


def _key(cell: Given) -> Key:
    if not all(isinstance(cell[side], list | tuple) for side in ("row", "column")):
        raise TypeError("a side is a list of levels")
    return tuple(map(str, cell["row"])), tuple(map(str, cell["column"]))


def _persons(cell: Given) -> float:
    persons = cell["persons"]
    if persons is None:
        return np.nan
    if isinstance(persons, bool) or persons != int(persons) or persons < 0:
        raise ValueError("persons is a whole number")
    return float(persons)


def _sums(spec: TableSpec, keys: Sequence[Key], cells: Sequence[Given], behind: Behind) -> Sums:
    """The sums that earlier cells tell; of means those behind them, which their reader has from the counts."""
    is_told = np.array(
        [one.get("persons") is not None and isinstance(one.get("value"), int | float) for one in cells], dtype=bool
    )
    if spec.statistic is Statistic.MEAN:
        amounts = _evidence(cells, "total")
        if np.isnan(amounts[is_told]).any():
            found = _with_totals(behind(spec))
            amounts = np.array([found.get(key, np.nan) for key in keys], dtype=float)
    else:
        amounts = np.array(
            [one["value"] if told else np.nan for one, told in zip(cells, is_told, strict=True)], dtype=float
        )
    return Sums(amounts=np.where(is_told, amounts, np.nan), tops=_evidence(cells, "largest"))


def _with_totals(inner: Mapping[Key, float]) -> Mapping[Key, float]:
    found = dict(inner)
    for (row, column), amount in inner.items():
        for key in {(row, ()), ((), column), ((), ())} - {(row, column)}:
            found[key] = found.get(key, 0.0) + amount
    return found


def _evidence(cells: Sequence[Given], figure: str) -> Floats:
    """A figure of each cell's measure, NaN where its answer has no such evidence."""
    return np.array([_figure(one, figure) for one in cells], dtype=float)


def _figure(cell: Given, figure: str) -> float:
    try:
        return float(cell["evidence"]["measure"][figure])
    except (KeyError, TypeError, ValueError, OverflowError):
        return np.nan


def _malformed(name: str) -> CannotJudge:
    return CannotJudge(
        f"The earlier answer '{name}' is not right: it needs 'spec' and 'cells', each with row and column (lists of levels) and persons (a whole number, or null where the cell was hidden).",
        code="earlier.malformed",
    )
