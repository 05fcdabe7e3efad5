"""The quality report: what few persons have is withheld, what has moved is pointed at."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.factories.loaded import Loaded, quietly
from tre.data.domain import states
from tre.data.domain.quality import OTHERS, bars, compared, moved
from tre.data.engine.quality import quality_report

DOCS = Path(__file__).parents[3] / "docs/dataset-version-states.md"


def report(*lines: tuple[str, int], filled: float = 1.0, rows: int = 1000, kind: str = "values") -> dict[str, Any]:
    shown = [{"label": label, "rows": count} for label, count in lines]
    column = {"name": "sex", "filled": filled, "kind": kind, "bars": shown}
    return {"version": "v", "tables": [{"name": "persons", "rows": rows, "columns": [column]}]}


def test_what_few_persons_have_is_gathered_without_a_number() -> None:
    assert bars([("a", 104, 60), ("b", 500, 9), ("c", 9, 9)], total=700) == [
        {"label": "a", "rows": 100},
        {"label": OTHERS, "rows": None},
    ]


def test_nothing_hidden_and_much_left_is_told() -> None:
    assert bars([("a", 100, 60)], total=700) == [{"label": "a", "rows": 100}, {"label": OTHERS, "rows": 600}]
    assert bars([("a", 100, 60)], total=100) == [{"label": "a", "rows": 100}]


@pytest.mark.parametrize(
    ("before", "now", "distance"),
    [
        ([("a", 50), ("b", 50)], [("a", 500), ("b", 500)], 0.0),
        ([("a", 100)], [("b", 100)], 1.0),
        ([("a", 100)], [("a", 50), ("b", 50)], 0.5),
        ([], [("a", 100)], None),
    ],
)
def test_how_far_two_distributions_are_apart(
    before: list[tuple[str, int]], now: list[tuple[str, int]], distance: float | None
) -> None:
    old, new = (report(*one)["tables"][0]["columns"][0]["bars"] for one in (before, now))
    assert moved(old, new) == distance


def test_what_has_moved_is_pointed_at() -> None:
    found = compared(report(("a", 100), filled=0.5, rows=500), report(("a", 50), ("b", 50)))
    assert found["notices"] == [
        "persons: about 500 rows, 1,000 before.",
        "persons.sex: 50.0% of the rows have a value, 100.0% before.",
        "persons.sex: its values are distributed otherwise than before (moved by 50%).",
    ]
    assert compared(report(("a", 100)), report(("a", 1000)))["notices"] == []
    assert compared(report(("a", 100)), {})["notices"] == []


def test_a_table_that_came_or_went() -> None:
    other = report(("a", 100))
    other["tables"][0]["name"] = "deaths"
    assert compared(report(("a", 100)), other)["notices"] == [
        "persons: the version before had no such table.",
        "deaths: the table is gone.",
    ]


def test_the_report_of_a_population_tells_no_small_number(loaded: Loaded) -> None:
    contract, manifest = loaded.contracts["hospital"], loaded.versions["hospital"].manifest
    first = quality_report(contract, manifest, folders=loaded.folders, before={}, progress=quietly)
    told = [line["rows"] for table in first["tables"] for one in table["columns"] for line in one["bars"]]
    assert told
    assert all(rows is None or (rows >= 10 and rows % 10 == 0) for rows in told)
    again = quality_report(contract, manifest, folders=loaded.folders, before=first, progress=quietly)
    assert {one["moved"] for table in again["tables"] for one in table["columns"]} == {0.0, None}
    assert again["notices"] == []
    assert json.loads(json.dumps(again)) == again


def test_the_page_of_states_is_current() -> None:
    assert DOCS.read_text() == states.page(), "run: python -m tre.data.domain.states > docs/dataset-version-states.md"
