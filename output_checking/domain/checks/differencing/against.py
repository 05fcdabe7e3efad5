"""Owns the comparing of a judged table with earlier answers as they are handed in. Must never touch data but for whole columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from output_checking.domain.checks.answer import JudgedCell
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.differencing.compare import compare
from output_checking.domain.checks.differencing.earlier import read_earlier, released
from output_checking.domain.checks.differencing.extent import Domains
from output_checking.domain.checks.differencing.findings import RULE, with_differences
from output_checking.domain.checks.differencing.register import Register
from output_checking.domain.checks.differencing.released import Released, sorted_axes
from output_checking.domain.checks.evidence.membership import PrivatePart
from output_checking.domain.checks.finding import Finding, Weight
from output_checking.domain.checks.linked.sheet import Key
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.expression import columns_of
from output_checking.domain.checks.specification.model import TableSpec
from output_checking.domain.checks.specification.reading import read_specification

Judged = tuple[tuple[JudgedCell, ...], tuple[Finding, ...]]


def columns_in_use(spec: TableSpec, earlier: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the columns that split or filter the table or an earlier one."""
    specs = [spec]
    for one in earlier:
        read = read_specification(one.get("spec") if isinstance(one, Mapping) else None)
        specs += [read] if isinstance(read, TableSpec) else []
    found: set[str] = set()
    for spec_ in specs:
        found |= {one.column for one in spec_.dimensions}
        found |= columns_of(spec_.chosen) if spec_.chosen else set()
    return found


def judge_against(
    judged: Sequence[JudgedCell],
    spec: TableSpec,
    earlier: Sequence[Mapping[str, Any]],
    appetite: Appetite,
    *,
    domains: Domains,
    members: PrivatePart | None = None,
) -> Judged:
    """Return the judged cells with what a reader learns who also has the earlier answers, and what is said of the whole.

    Args:
        judged: the new table's cells, with their true persons.
        spec: what it is.
        earlier: answers as JSON has them; at least `spec` and `cells`.
        appetite: what applies.
        domains: what is known of the columns.
        members: the new table's private part, under the earlier answers' key.

    Raises:
        CannotJudge: `earlier.malformed`.
    """
    tables, others = [], 0
    for number, one in enumerate(earlier, start=1):
        if not isinstance(one, Mapping):
            raise CannotJudge(f"Earlier answer {number} is not a JSON object.", code="earlier.malformed")
        table = read_earlier(one, str(one.get("name") or f"earlier answer {number}"), domains=domains)
        tables += [table] if table else []
        others += table is None
    cells = [one.cell for one in judged]
    own = [members.get((one.row, one.column)) for one in cells] if members else ()
    new = sorted_axes(released(spec, cells, name="this table", domains=domains, members=own))
    found = compare(new, Register(tables), threshold=appetite.threshold, domains=domains)
    told, whole = with_differences(judged, found, grid_keys(new, spec))
    return told, (*whole, *([_not_tables(others)] if others else []))


def grid_keys(table: Released, spec: TableSpec) -> list[Key]:
    """Return the row and column levels of each place of a table's grid."""
    names = [axis.column for axis in table.axes]
    keys: list[Key] = []
    for place in np.ndindex(table.least.shape):
        at = dict(zip(names, place, strict=True))
        label = {axis.column: axis.labels[at[axis.column]] for axis in table.axes}
        is_total = {axis.column: at[axis.column] == len(axis.extents) - 1 for axis in table.axes}
        keys.append((_side(spec.rows, label, is_total), _side(spec.columns, label, is_total)))
    return keys


def _side(dimensions: Sequence[Any], label: dict[str, str], is_total: dict[str, bool]) -> tuple[str, ...]:
    names = [one.column for one in dimensions]
    if all(is_total[name] for name in names):
        return ()
    return tuple("\0total" if is_total[name] else label[name] for name in names)


def _not_tables(count: int) -> Finding:
    return Finding(
        rule=RULE,
        weight=Weight.NOTE,
        figures={"not_tables": count},
        sentence=f"{count} of the earlier answers are no tables (models, curves, plots); they were not compared.",
        learns="Not followed.",
        remedy="None is needed unless they are of the same few persons.",
    )
