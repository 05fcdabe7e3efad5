"""Who is in a snapshot, followed from snapshot to snapshot by what changed, is who is found by looking at everybody.

Lists of every kind come, change and end while rows come and go; what a receipt keeps as differences is who is on the list.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import duckdb
import pytest

from tests.benchmarks.event_store import make_store, plan_of, table_path
from tests.unit.data.test_refresh import CHANGES, build, next_version, the_same_as_anew
from tre.data.domain.opt_outs import Effect, OptOutRule
from tre.data.engine import parts, rosters
from tre.data.engine.basis import basis_of
from tre.data.engine.duck import Connection, open_engine
from tre.data.engine.folders import Folders
from tre.data.engine.receipts import receipt_of
from tre.data.engine.rosters import Roster, Turn, keep_whole

NOW = date(2026, 11, 23)


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    """A store with one version, in small files."""
    monkeypatch.setattr(parts, "VALUES_IN_PART", 18_000)
    return make_store(tmp_path, rows=6_000, persons=600)


def keep_list(folders: Folders, name: str, select: str) -> str:
    """Lay a list of persons (person, effective_from, withdrawn_on)."""
    folders.opt_outs(name).parent.mkdir(exist_ok=True)
    duckdb.sql(f"COPY ({select.replace('PEOPLE', people(folders))}) TO '{folders.opt_outs(name)}' (FORMAT parquet)")
    return name


def people(folders: Folders) -> str:
    return f"(SELECT DISTINCT person FROM '{table_path(folders, 'v1')}')"


def refusals(name: str, *, on: date = NOW, of: str = "national data opt-out") -> OptOutRule:
    return OptOutRule(list=of, namespace="made", sha256=name, on=on)


def consents(name: str, *, on: date = NOW) -> OptOutRule:
    return OptOutRule(list="consents", namespace="made", sha256=name, on=on, effect=Effect.KEEP_ONLY)


def test_lists_that_come_change_and_end(folders: Folders) -> None:
    """Overlapping lists, entries that begin and end between two days, a list that comes, one that ends, rows that vanish."""
    dated = "SELECT person, DATE '2026-11-20' + (hash(person) % 8)::INT AS effective_from, if(hash(person) % 3 = 0, DATE '2026-11-25', NULL) AS withdrawn_on FROM PEOPLE WHERE hash(person) % 7 = 0"
    plain = "SELECT person, DATE '2020-01-01' AS effective_from FROM PEOPLE WHERE hash(person)"
    one, two, most, more = (
        keep_list(folders, name, select)
        for name, select in (
            ("1", dated),
            ("2", f"{plain} % 14 < 2"),
            ("3", f"{plain} % 9 > 0"),
            ("4", f"{plain} % 8 > 0"),
        )
    )
    days = [date(2026, 11, day) for day in (21, 23, 26)]
    steps: list[tuple[tuple[OptOutRule, ...], str, bool]] = [
        ((refusals(one, on=days[0]),), "nothing", True),
        ((refusals(one, on=days[1]),), "persons come", True),
        ((refusals(one, on=days[2]), refusals(two, of="type 1 opt-out")), "a person goes", True),
        ((refusals(two, of="type 1 opt-out"),), "rows change", True),
        ((consents(most), refusals(two, of="type 1 opt-out")), "few rows come", False),
        ((consents(more), refusals(two, of="type 1 opt-out")), "persons come", True),
        ((refusals(two, of="type 1 opt-out"),), "rows go", False),
        ((), "nothing", True),
    ]
    build(folders, plan_of(number=1))
    for number, (rules, what, follows) in enumerate(steps, start=2):
        next_version(folders, CHANGES[what], version=f"v{number}", before=f"v{number - 1}")
        plan = replace(plan_of(f"v{number}", number=number), opt_outs=rules)
        assert basis_of(plan, number - 1, folders=folders).follows == follows, what
        the_same_as_anew(folders, plan, build(folders, plan, since=number - 1))


def test_a_list_that_is_no_longer_there_has_everybody_looked_at(folders: Folders) -> None:
    plain = "SELECT person, DATE '2020-01-01' AS effective_from FROM PEOPLE WHERE hash(person)"
    build(folders, replace(plan_of(number=1), opt_outs=(refusals(keep_list(folders, "1", f"{plain} % 9 = 0")),)))
    folders.opt_outs("1").unlink()
    plan = replace(plan_of(number=2), opt_outs=(refusals(keep_list(folders, "2", f"{plain} % 8 = 0")),))
    assert not basis_of(plan, 1, folders=folders).follows
    the_same_as_anew(folders, plan, build(folders, plan, since=1))


def test_a_receipt_of_another_form_counts_as_none(folders: Folders) -> None:
    build(folders, plan_of(number=1))
    receipt = folders.receipt("p-aaaaaa", 1) / "receipt.json"
    receipt.write_text(receipt.read_text().replace('"form": ', '"form": 1'))
    assert receipt_of(folders, "p-aaaaaa", 1) is None


def test_views_are_linked_until_they_say_something_else(folders: Folders) -> None:
    build(folders, plan_of(number=1))
    build(folders, plan_of(number=2), since=1)
    fewer = tuple(replace(one, columns=one.columns[:3]) for one in plan_of().tables)
    build(folders, replace(plan_of(number=3), tables=fewer), since=2)
    first, second, third = (folders.snapshot("p-aaaaaa", one) / "views.duckdb" for one in (1, 2, 3))
    assert first.samefile(second)
    assert not third.samefile(second)
    assert first.stat().st_mtime == third.stat().st_mtime
    with duckdb.connect(str(third), read_only=True) as engine:
        assert [
            row[0]
            for row in engine.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = 'events'").fetchall()
        ] == ["person", "seen_on", "code", "value"]


def test_a_list_kept_by_turns_is_who_came_less_who_went(tmp_path: Path) -> None:
    chance, on_list, wholes = Random(1), set(range(1000)), 0
    with open_engine(tmp_path / "scratch") as engine:
        folder = tmp_path / "0"
        folder.mkdir()
        roster = Roster(folder=folder, name="kept", sizes=keep_whole(engine, "kept", _of(on_list), folder))
        for turn in range(1, 40):
            went = set(chance.sample(sorted(on_list), chance.randrange(12)))
            came = set(chance.sample(sorted(set(range(1200)) - on_list), chance.randrange(12)))
            on_list = on_list - went | came
            folder, before = tmp_path / str(turn), roster.folder
            folder.mkdir()
            sizes = roster.keep(engine, Turn(came=_of(came), went=_of(went)), folder)
            roster = Roster(folder=folder, name="kept", sizes=sizes)
            assert _numbers(engine, roster) == sorted(on_list)
            assert sizes.persons == len(on_list)
            assert sizes.came + sizes.went <= rosters.MOST_SHARE * sizes.whole
            is_linked = (folder / "kept.parquet").samefile(before / "kept.parquet")
            assert is_linked or sizes.came == sizes.went == 0
            wholes += not is_linked
    assert wholes > 0


def _of(numbers: set[int]) -> str:
    listed = ", ".join(f"({one})" for one in sorted(numbers))
    return (
        f"SELECT number::BIGINT AS number FROM (VALUES {listed}) t(number)"
        if numbers
        else "SELECT 0::BIGINT AS number WHERE false"
    )


def _numbers(engine: Connection, roster: Roster) -> list[int]:
    return [int(row[0]) for row in engine.execute(f"SELECT number FROM {roster.relation} ORDER BY number").fetchall()]
