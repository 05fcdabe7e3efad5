"""What a table's measure comes to in each cell is what stands behind it in its evidence."""

import random
from typing import Any

import duckdb
import pytest

from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.evidence import sums
from output_checking.domain.checks.evidence.cells import Key
from output_checking.domain.checks.evidence.duck import lend
from output_checking.domain.checks.evidence.gather import gather
from output_checking.domain.checks.evidence.sums import cell_sums
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import TableSpec
from output_checking.domain.checks.specification.reading import read_specification
from tests.factories.odd_records import odd_measure, odd_records, odd_table


@pytest.mark.parametrize("seed", range(60))
def test_the_sums_are_those_behind_the_cells(seed: int) -> None:
    chance = random.Random(seed)
    measure = odd_measure(chance)
    with odd_records(chance) as (source, _):
        spec = odd_table(chance, measure)
        evidence = gather(source, spec, Appetite())
        behind = {(one.row, one.column): one for one in evidence.cells if one.records}
        if "measure" in measure:
            expected = {key: one.measure.total for key, one in behind.items() if one.measure and one.measure.records}
        else:
            expected = {key: float(one.value or 0) for key, one in behind.items()}
        assert cell_sums(source, spec) == pytest.approx(expected)


def test_a_sum_that_is_no_finite_number_is_left_out() -> None:
    records = "(values (1, 'a', 'nan'::double), (2, 'a', 1), (3, 'b', 'inf'), (4, 'c', 2), (5, 'd', null)) r(who, r, x)"
    assert _sums(records, {"statistic": "sum", "measure": "x", "rows": ["r"]}) == {(("c",), ()): 2.0}


def test_more_cells_than_a_table_may_have_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sums, "MOST_CELLS", 4)
    records = "(select i as who, i % 5 as r from range(50) t(i))"
    with pytest.raises(CannotJudge):
        _sums(records, {"rows": ["r"]})
    assert len(_sums(records, {"rows": ["r"], "filter": "r > 0"})) == 4


def _sums(records: str, given: dict[str, Any]) -> dict[Key, float]:
    spec = read_specification(given)
    assert isinstance(spec, TableSpec)
    with duckdb.connect() as connection, lend(connection, records, person="who") as source:
        return cell_sums(source, spec)
