"""What persons add to the records that one cell holds and another does not: against a count of them one by one."""

import math
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from output_checking.domain.checks.evidence import adding, groups
from output_checking.domain.checks.evidence.asking import Cell
from output_checking.domain.checks.evidence.cells import TOTAL
from output_checking.domain.checks.evidence.groups import Added, Between, find_added
from output_checking.domain.checks.specification.expression import (
    Among,
    Column,
    Compare,
    Either,
    Every,
    Expression,
    Missing,
    Not,
)
from output_checking.domain.checks.specification.model import Dimension, TableSpec
from tests.factories.odd_records import LEVELS, PERSON, odd_measure, odd_records, odd_table

Record = Mapping[str, Any]
_SIGNS = {
    "=": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    "<": lambda one, other: one < other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    ">=": lambda one, other: one >= other,
}


@pytest.mark.parametrize("few", [0, 100])
@pytest.mark.parametrize("seed", range(25))
def test_each_group_is_what_its_records_come_to(monkeypatch: pytest.MonkeyPatch, seed: int, few: int) -> None:
    chance = random.Random(seed)
    measure, places = odd_measure(chance), chance.choice([2, 3])
    tables = [odd_table(chance, measure) for _ in range(8)]
    between = [_between(chance, tables) for _ in range(40)]
    monkeypatch.setattr(groups, "FEW", few)
    monkeypatch.setattr(adding, "SLICE", chance.choice([50, 1_000]))
    monkeypatch.setattr(adding, "FLAGS", chance.choice([1, 1_000, 1 << 20]))
    monkeypatch.setattr(adding, "SPARSE", chance.choice([0, 4, 1_000]))
    monkeypatch.setattr(adding, "LONG", chance.choice([0, 4]))
    monkeypatch.setattr(adding, "KEPT", chance.choice([1, 1 << 20]))
    with odd_records(chance) as (source, records):
        found = list(find_added(source, tables[0], between, places=places))
    expected = [_by_hand(records, tables[0], one, places) for one in between]
    for one, other in zip(found, expected, strict=True):
        assert one.holders == other.holders
        assert one.absolute == pytest.approx(other.absolute)
        assert one.largest == pytest.approx(other.largest)
    assert sum(one.holders > 0 for one in expected) > 5


def test_no_group_is_nothing() -> None:
    with odd_records(random.Random(0)) as (source, _):
        assert list(find_added(source, TableSpec(), [], places=2)) == []


def _between(chance: random.Random, tables: Sequence[TableSpec]) -> Between:
    return Between(greater=_cell(chance, chance.choice(tables)), lesser=_cell(chance, chance.choice(tables)))


def _cell(chance: random.Random, spec: TableSpec) -> Cell:
    row, column = ([_chosen(chance, one) for one in some] for some in (spec.rows, spec.columns))
    return spec, (tuple(row) if chance.random() < 0.8 else (), tuple(column) if chance.random() < 0.8 else ())


def _chosen(chance: random.Random, dimension: Dimension) -> str:
    merged = [" + ".join(group) for group in dimension.merged]
    names = dimension.labels or (*LEVELS[dimension.column], *merged, "never seen")
    return TOTAL if chance.random() < 0.2 else chance.choice(names)


def _by_hand(records: Sequence[Record], spec: TableSpec, between: Between, places: int) -> Added:
    sums: dict[str, float] = defaultdict(float)
    for record in records:
        if _holds(record, between.greater) and not _holds(record, between.lesser):
            value = record[spec.measure] if spec.measure else 1.0
            weight = record[spec.weight] if spec.weight else 1.0
            if value is not None and weight:  # what weighs nothing is in no weighted table
                sums[record[PERSON]] += weight * (float(value) if spec.statistic.is_magnitude else 1.0)
    ordered = sorted(map(abs, sums.values()), reverse=True)
    return Added(holders=len(sums), absolute=math.fsum(ordered), largest=tuple([*ordered, *[0.0] * places][:places]))


def _holds(record: Record, cell: Cell) -> bool:
    spec, (row, column) = cell
    levels = (*(row or (TOTAL,) * len(spec.rows)), *(column or (TOTAL,) * len(spec.columns)))
    is_chosen = spec.chosen is None or _meets(record, spec.chosen) is True
    return is_chosen and all(
        _is_of(record[one.column], one, level) for one, level in zip(spec.dimensions, levels, strict=True)
    )


def _is_of(value: Any, dimension: Dimension, level: str) -> bool:
    if value is None:
        return False
    if not dimension.edges:
        name = str(value).lower() if isinstance(value, bool) else str(value)
        return level == TOTAL or name in dimension.behind(level)
    at = dimension.labels.index(level) if level != TOTAL else None
    low, high = (dimension.edges[0], dimension.edges[-1]) if at is None else dimension.edges[at : at + 2]
    return (low is None or value >= low) and (high is None or value < high)


def _meets(record: Record, tree: Expression) -> bool | None:
    """Whether a record meets a filter; None where it is not known."""
    match tree:
        case Compare(left, sign, right):
            one, other = (record[part.name] if isinstance(part, Column) else part for part in (left, right))
            return None if one is None or other is None else _SIGNS[sign](one, other)
        case Among(column, values):
            return None if record[column.name] is None else record[column.name] in values
        case Missing(column):
            return record[column.name] is None
        case Not(part):
            met = _meets(record, part)
            return None if met is None else not met
        case Every(parts):
            told = [_meets(record, one) for one in parts]
            return False if False in told else None if None in told else True
        case Either(parts):
            told = [_meets(record, one) for one in parts]
            return True if True in told else None if None in told else False
