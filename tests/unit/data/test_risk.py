"""The figures of risk: against counting by hand, against another way of computing them, and against pycanon's own answers."""

import json
import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.factories.loaded import Loaded, everything, quietly
from tre.data.domain.risk import RiskFigures, quasi_identifiers
from tre.data.domain.showing import risk_shown
from tre.data.domain.snapshot_plan import ApprovedTable
from tre.data.engine.risk import figures
from tre.data.engine.trial import try_snapshot

ANSWERS = json.loads((Path(__file__).parent / "pycanon_answers.json").read_text())


def measured(rows: list[dict[str, Any]], known: list[str], minded: list[str]) -> RiskFigures:
    with duckdb.connect() as engine:
        numbered = [{"person": at, **row} for at, row in enumerate(rows)]
        engine.register("given", pa.Table.from_pylist(numbered))
        return figures(engine, "given", table="one", known=known, minded=minded)


def test_by_hand() -> None:
    rows = [
        {"year": 1950, "area": "LS1", "illness": "asthma"},
        {"year": 1950, "area": "LS1", "illness": "flu"},
        {"year": 1950, "area": "LS2", "illness": "flu"},
        {"year": 1950, "area": "LS2", "illness": "flu"},
        {"year": 1951, "area": "LS2", "illness": None},
    ]
    found = measured(rows, ["year", "area"], ["illness"])
    assert (found.persons, found.groups, found.k, found.uniques, found.under_ten) == (5, 3, 1, 1, 5)
    assert found.diversity == (("illness", 1),)
    assert {one.column: (one.k, one.uniques) for one in found.without} == {"year": (2, 0), "area": (1, 1)}


def test_a_person_with_many_rows_counts_once_in_a_group() -> None:
    with duckdb.connect() as engine:
        rows = [(1, "2020-01"), (1, "2020-01"), (1, "2020-02"), (2, "2020-01"), (3, "2020-02")]
        engine.execute("CREATE TABLE given (person BIGINT, month VARCHAR)")
        engine.executemany("INSERT INTO given VALUES (?, ?)", rows)
        found = figures(engine, "given", table="one", known=["month"], minded=[])
    assert (found.persons, found.groups, found.k, found.uniques) == (3, 2, 2, 0)


def test_an_empty_value_is_a_value_like_any_other() -> None:
    rows: list[dict[str, Any]] = [{"area": None}, {"area": None}, {"area": "LS1"}]
    found = measured(rows, ["area"], [])
    assert (found.groups, found.k, found.uniques) == (2, 1, 1)


@pytest.mark.parametrize("seed", range(6))
def test_against_counting_in_python(seed: int) -> None:
    chance = random.Random(seed)
    rows: list[dict[str, Any]] = [{"a": chance.randrange(6), "b": chance.randrange(5), "c": chance.choice("xyz"), "s": chance.randrange(4)} for _ in range(150)]  # fmt: skip
    groups: dict[Any, list[int]] = defaultdict(list)
    for row in rows:
        groups[row["a"], row["b"], row["c"]].append(row["s"])
    found = measured(rows, ["a", "b", "c"], ["s"])
    assert found.k == min(len(one) for one in groups.values())
    assert found.uniques == sum(len(one) == 1 for one in groups.values())
    assert found.under_ten == sum(len(one) for one in groups.values() if len(one) < 10)
    assert found.diversity == (("s", min(len(set(one)) for one in groups.values())),)


@pytest.mark.parametrize("case", ANSWERS["cases"], ids=lambda case: case["name"])
def test_as_pycanon_answers(case: dict[str, Any]) -> None:
    rows = [dict(zip(case["columns"], row, strict=True)) for row in case["rows"]]
    found = measured(rows, case["quasi_identifiers"], case["sensitive"])
    assert (found.k, dict(found.diversity)) == (case["k"], case["l"])


def test_a_trial_tells_of_each_table_and_of_all_together(loaded: Loaded) -> None:
    plan = loaded.plan(approved=everything([loaded.contracts["hospital"]]))
    trial = try_snapshot(plan, folders=loaded.folders, progress=quietly)
    by_table = {one.table: one for one in trial.risk}
    measurable = {one.name for one in plan.tables if one.table.has_person and quasi_identifiers(one.columns)}
    assert set(by_table) - {""} == measurable >= {"persons", "deaths"}
    alone = by_table["persons"]
    assert alone.persons > 3_000
    assert by_table[""].uniques >= alone.uniques
    assert trial.removed[0]["rule"] == "national data opt-out"
    shown = risk_shown(alone)
    assert shown["persons"].startswith("about ")
    assert str(alone.persons) not in json.dumps(shown)


def test_nothing_is_left_behind_by_a_trial(loaded: Loaded) -> None:
    before = sorted(str(one) for one in loaded.folders.store.rglob("*"))
    try_snapshot(loaded.plan(), folders=loaded.folders, progress=quietly)
    assert sorted(str(one) for one in loaded.folders.store.rglob("*")) == before
    assert not any(one.is_file() for one in loaded.folders.scratch.rglob("*"))


def test_it_measures_what_was_asked_for_where_an_application_chose_persons(loaded: Loaded, tmp_path: Path) -> None:
    wanted = [
        ApprovedTable(
            dataset="hospital", table="persons", columns=("year_of_birth", "sex"), rows="year_of_birth < 1950"
        ),
        ApprovedTable(dataset="hospital", table="admissions", columns=("admitted_month",)),
    ]
    plan = loaded.plan(approved=wanted)
    trial = try_snapshot(plan, folders=loaded.folders, progress=quietly)
    _, manifest = loaded.build(plan, snapshots=tmp_path)
    built = {one["name"]: one["persons"] for one in manifest["tables"]}
    assert {one.table: one.persons for one in trial.risk if one.table} == built
