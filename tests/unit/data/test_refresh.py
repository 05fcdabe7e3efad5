"""A snapshot brought up to date holds the same rows as one built anew, and its cost is that of the change.

Every change at once: rows that come and go, persons who come, who opt out, who take it back; then each file's looks.
"""

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.benchmarks.event_store import AT, CONTRACT, KEY, make_store, plan_of, quietly, table_path
from tre.data.domain.opt_outs import OptOutRule
from tre.data.domain.snapshot_plan import SnapshotPlan
from tre.data.engine import bringing, parts
from tre.data.engine.changes import note_changes, noted
from tre.data.engine.folders import Folders
from tre.data.engine.receipts import receipt_of
from tre.data.engine.snapshot import build_snapshot

ROWS, PERSONS = 20_000, 2_000


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """A store with one version; files of a thousand rows, as large ones have of millions."""
    monkeypatch.setattr(parts, "VALUES_IN_PART", 18_000)
    return make_store(tmp_path, rows=ROWS, persons=PERSONS)


def next_version(folders: Folders, select: str, version: str = "v2", before: str = "v1") -> None:
    """Lay another version of the events, and note what changed."""
    path = table_path(folders, version)
    path.parent.mkdir()
    old = f"(SELECT * FROM '{table_path(folders, before)}')"
    duckdb.sql(f"COPY ({select.replace('OLD', old)}) TO '{path}' (FORMAT parquet)")
    note_changes(CONTRACT, before, version, folders=folders)


def refuse(folders: Folders, name: str, select: str) -> tuple[OptOutRule, ...]:
    """Lay a list of refusals."""
    path = folders.opt_outs(name)
    path.parent.mkdir(exist_ok=True)
    duckdb.sql(
        f"COPY (SELECT person, DATE '2020-01-01' AS effective_from FROM ({select})) TO '{path}' (FORMAT parquet)"
    )
    return (OptOutRule(list="refusals", namespace="made", sha256=name, on=date(2026, 11, 23)),)


def build(folders: Folders, plan: SnapshotPlan, *, since: int = 0) -> dict[str, Any]:
    return build_snapshot(plan, folders=folders, key=KEY, at=AT, progress=quietly, since=since)


def rows_of(folders: Folders, number: int) -> Counter[tuple[Any, ...]]:
    files = folders.snapshot("p-aaaaaa", number) / "tables/events/*.parquet"
    return Counter(duckdb.sql(f"FROM read_parquet('{files}')").fetchall())


def the_same_as_anew(folders: Folders, plan: SnapshotPlan, refreshed: dict[str, Any]) -> None:
    anew = build(folders, replace(plan, version=90 + plan.version))
    assert rows_of(folders, plan.version) == rows_of(folders, 90 + plan.version)
    (one,), (other,) = refreshed["tables"], anew["tables"]
    assert (one["rows"], one["persons"]) == (other["rows"], other["persons"])
    assert refreshed["removed"] == anew["removed"]
    assert kept_of(folders, plan.version) == kept_of(folders, 90 + plan.version)
    tables = folders.snapshot("p-aaaaaa", plan.version) / "tables"
    assert sorted(file["file"] for file in one["files"]) == sorted(
        str(p.relative_to(tables)) for p in tables.rglob("*.parquet")
    )


def kept_of(folders: Folders, number: int) -> tuple[Any, ...]:
    """What the receipt says of the persons: how many were left out by which rule, who is on each list."""
    receipt = receipt_of(folders, "p-aaaaaa", number)
    assert receipt
    people = {name: duckdb.sql(f"FROM {one.relation}").fetchall() for name, one in receipt.rosters.items()}
    assert all(
        len(set(on_list)) == len(on_list) == receipt.rosters[name].sizes.persons for name, on_list in people.items()
    )
    return receipt.left_out, {name: set(on_list) for name, on_list in people.items()}


def linked(folders: Folders, number: int) -> int:
    """Files that are the same in this snapshot and the one before."""
    here, before = (
        {p.stat().st_ino for p in folders.snapshot("p-aaaaaa", at).rglob("*.parquet")} for at in (number, number - 1)
    )
    return len(here & before)


CHANGES = {
    "nothing": "SELECT * FROM OLD",
    "few rows come": "SELECT * FROM OLD UNION ALL SELECT * REPLACE (value + 1 AS value) FROM OLD WHERE hash(person) % 200 = 0",
    "rows come twice": "SELECT * FROM OLD UNION ALL SELECT * FROM OLD WHERE hash(person) % 300 = 0",
    "rows go": "SELECT * FROM OLD WHERE hash(person, value) % 4000 <> 0",
    "a person goes": "SELECT * FROM OLD WHERE person <> (SELECT min(person) FROM OLD)",
    "rows change": "SELECT * REPLACE (if(hash(person) % 300 = 1, value + 1, value) AS value) FROM OLD",
    "persons come": "SELECT * FROM OLD UNION ALL SELECT * REPLACE (person + 1 AS person) FROM OLD WHERE hash(person) % 200 = 3",
    "many rows come": "SELECT * FROM OLD UNION ALL SELECT * REPLACE (ward + 1 AS ward) FROM OLD WHERE hash(person, value) % 10 = 0",
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_refresh_holds_what_a_build_would(folders: Folders, what: str) -> None:
    build(folders, plan_of(number=1))
    next_version(folders, CHANGES[what])
    refreshed = build(folders, plan_of("v2", number=2), since=1)
    the_same_as_anew(folders, plan_of("v2", number=2), refreshed)
    assert linked(folders, 2) > 0
    added = [one for one in refreshed["tables"][0]["files"] if "added" in one["file"]]
    assert bool(added) == (what == "many rows come")


def test_who_opts_out_goes_and_who_takes_it_back_comes(folders: Folders) -> None:
    few = f"SELECT DISTINCT person FROM '{table_path(folders, 'v1')}' WHERE hash(person) % 500 = 7"
    other = f"SELECT DISTINCT person FROM '{table_path(folders, 'v1')}' WHERE hash(person) % 500 = 8"
    build(folders, plan_of(number=1))
    first = replace(plan_of(number=2), opt_outs=refuse(folders, "a", few))
    the_same_as_anew(folders, first, build(folders, first, since=1))
    assert rows_of(folders, 2) < rows_of(folders, 1)
    assert linked(folders, 2) > 0
    next_version(folders, CHANGES["many rows come"])
    second = replace(plan_of("v2", number=3), opt_outs=refuse(folders, "b", other))
    the_same_as_anew(folders, second, build(folders, second, since=2))
    third = replace(plan_of("v2", number=4), opt_outs=refuse(folders, "c", "SELECT 1 AS person WHERE false"))
    the_same_as_anew(folders, third, build(folders, third, since=3))


def test_refresh_upon_refresh_until_it_is_built_anew(folders: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing, "FEWEST_ADDED", 5)
    build(folders, plan_of(number=1))
    added = []
    for number in range(2, 12):
        come = f"SELECT * FROM OLD UNION ALL SELECT * REPLACE (ward + {number} AS ward) FROM OLD WHERE hash(person) % 200 = {number}"
        next_version(folders, come, version=f"v{number}", before=f"v{number - 1}")
        refreshed = build(folders, plan_of(f"v{number}", number=number), since=number - 1)
        added.append(
            len({one["file"].split("-")[1] for one in refreshed["tables"][0]["files"] if "added" in one["file"]})
        )
    assert added[:9] == [1, 2, 3, 4, 5, 6, 7, 8, 0]
    the_same_as_anew(folders, plan_of("v11", number=11), refreshed)


@pytest.mark.parametrize(
    "changed",
    [
        replace(plan_of("v2", number=2), key_version=2),
        replace(plan_of("v2", number=2), tables=tuple(replace(one, columns=one.columns[:2]) for one in plan_of("v2").tables)),
    ],
)  # fmt: skip
def test_what_is_made_otherwise_is_built_anew(folders: Folders, changed: SnapshotPlan) -> None:
    build(folders, plan_of(number=1))
    next_version(folders, CHANGES["nothing"])
    the_same_as_anew(folders, changed, build(folders, changed, since=1))
    assert linked(folders, 2) == 0


def test_without_a_note_or_a_receipt_all_is_built_anew(folders: Folders) -> None:
    build(folders, plan_of(number=1))
    table_path(folders, "v2").parent.mkdir()
    table_path(folders, "v2").write_bytes(table_path(folders, "v1").read_bytes())
    assert noted(folders, "made", "v1", "v2") == {}
    the_same_as_anew(folders, plan_of("v2", number=2), build(folders, plan_of("v2", number=2), since=1))
    assert linked(folders, 2) == 0
    assert receipt_of(folders, "p-aaaaaa", 7) is None
    the_same_as_anew(folders, plan_of("v2", number=8), build(folders, plan_of("v2", number=8), since=7))


def test_the_snapshot_before_is_not_touched(folders: Folders) -> None:
    build(folders, plan_of(number=1))
    looks = [(p, p.stat().st_mtime_ns, p.stat().st_mode, p.read_bytes()) for p in files_of(folders, 1)]
    next_version(folders, CHANGES["rows change"])
    build(folders, plan_of("v2", number=2), since=1)
    assert looks == [(p, p.stat().st_mtime_ns, p.stat().st_mode, p.read_bytes()) for p in files_of(folders, 1)]


def test_a_rewritten_file_is_as_a_build_would_write_it(folders: Folders) -> None:
    """Few changes are put where the persons are: nothing in the folder tells which rows are new."""
    build(folders, plan_of(number=1))
    next_version(folders, CHANGES["few rows come"])
    build(folders, plan_of("v2", number=2), since=1)
    for path in files_of(folders, 2):
        table = pq.read_table(path)
        persons = table["person"].to_pylist()
        assert persons == sorted(persons)
        keys = list(zip(persons, table["seen_on"].to_pylist(), strict=True))
        assert keys == sorted(keys)


def files_of(folders: Folders, number: int) -> list[Path]:
    return sorted((folders.snapshot("p-aaaaaa", number) / "tables").rglob("*.parquet"))
