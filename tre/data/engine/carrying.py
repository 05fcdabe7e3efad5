"""Owns a table's files on the way from one snapshot to the next: linked where nothing changed, rewritten where rows go or come.

Must never change a file of the snapshot before: it is read by live workspaces. A link is the same file under two names; a
rewritten one is new.
"""

from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from tre.data.domain.contract import PERSON
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.basis import Basis, Change, is_added
from tre.data.engine.duck import Connection, literal, name
from tre.data.engine.laying import Laying
from tre.data.engine.numbering import PERSONS
from tre.data.engine.part_files import Part, write_file
from tre.data.engine.ranking import Ranked
from tre.data.engine.selecting import RANK, select_rows

NEW_PEOPLE, WENT_PEOPLE, GONE = "people of new rows", "people of went rows", "gone people"


@dataclass(frozen=True, kw_only=True)
class Bringing:
    """What the bringing up of one table needs.

    Args:
        new, went: relations of stored rows that come into the table and that go from it, and of others that are not in it.
    """

    laying: Laying
    plan: SnapshotPlan
    planned: PlannedTable
    basis: Basis
    key: bytes
    new: str = ""
    went: str = ""

    @property
    def engine(self) -> Connection:
        """The engine."""
        return self.laying.engine

    @property
    def change(self) -> Change:
        """What changed of the table."""
        return self.basis.changes[self.planned.name]


def carry_files(work: Bringing, before: list[Part], *, puts_in: bool) -> tuple[list[Part], list[Part]]:
    """Bring each file over; with `puts_in`, new rows go where their persons are.

    Returns:
        All files in order, and those of them that were rewritten.
    """
    leaving = _texts(work, f"SELECT pseudonym FROM {name(GONE)} UNION {_pseudonyms(work, WENT_PEOPLE)}")
    coming = _texts(work, _pseudonyms(work, NEW_PEOPLE)) if puts_in else []
    ranges = _ranges(before)
    done, rewritten = [], []
    for part in before:
        low, high = ranges.get(part.file, ("", ""))
        gains = bool(coming) and part.file in ranges and _any_in(coming, low, high)
        loses = part.rows > 0 and _any_in(leaving, part.first, part.last + "\0")
        done.append(_rewrite(work, part, low, high, gains=gains) if gains or loses else _link(work, part))
        rewritten += done[-1:] if gains or loses else []
    return done, rewritten


def _ranges(before: list[Part]) -> dict[str, tuple[str, str]]:
    """Return the pseudonyms that belong into each file of the build: from its first to below the next one's; no gap, no overlap."""
    built = [one for one in before if not is_added(one) and one.rows] or [one for one in before if not is_added(one)][
        :1
    ]
    lows = ["", *(one.first for one in built[1:])]
    highs = [*(one.first for one in built[1:]), "\x7f"]
    return {one.file: (low, high) for one, low, high in zip(built, lows, highs, strict=True)}


def _any_in(texts: list[str], low: str, high: str) -> bool:
    """Say whether one of the texts, in rising order, is from `low` to below `high`."""
    at = bisect_left(texts, low)
    return at < len(texts) and texts[at] < high


def _texts(work: Bringing, select: str) -> list[str]:
    return [str(row[0]) for row in work.engine.execute(f"SELECT * FROM ({select}) ORDER BY ALL").fetchall()]


def link_files(work: Bringing, before: list[Part]) -> list[Part]:
    """Carry every file as it is."""
    return [_link(work, part) for part in before]


def _link(work: Bringing, part: Part) -> Part:
    (work.laying.folder / Path(part.file).name).hardlink_to(work.basis.folder / "tables" / part.file)
    return part


def _rewrite(work: Bringing, part: Part, low: str, high: str, *, gains: bool) -> Part:
    old = f"read_parquet({literal(work.basis.folder / 'tables' / part.file)})"
    rows = f"SELECT * FROM {old} WHERE {PERSON} NOT IN (SELECT pseudonym FROM {name(GONE)})"
    if work.change.went_rows:
        rows = f"({rows}) EXCEPT ALL ({published_rows(work, work.went)})"
    if gains:
        here = f"{PERSON} >= {literal(low)} AND {PERSON} < {literal(high)}"
        rows = f"({rows}) UNION ALL (SELECT * FROM ({published_rows(work, work.new)}) WHERE {here})"
    table = work.engine.execute(f"SELECT * FROM ({rows}) ORDER BY {order_of_values(work.engine, old)}").to_arrow_table()
    at = table.column_names.index(PERSON)
    person = table[PERSON].combine_chunks().dictionary_encode()
    return write_file(work.laying.folder / Path(part.file).name, table.set_column(at, PERSON, person))


def order_of_values(engine: Connection, rows: str) -> str:
    """Return the order of published rows as `ordering` makes it: person, first date (none before all), all values."""
    columns = engine.execute(f"DESCRIBE FROM {rows}").fetchall()
    dates = [f"{name(str(one[0]))} NULLS FIRST" for one in columns if one[1] == "DATE"]
    values = [name(str(one[0])) for one in columns if one[0] != PERSON]
    person = [PERSON] if len(values) < len(columns) else []
    return ", ".join([*person, *dates[:1], *([f"hash({', '.join(values)})"] if values else [])])


def published_rows(work: Bringing, stored: str) -> str:
    """Return a SELECT of stored rows as they are published, the pseudonym first."""
    columns = "".join(f", r.{name(one.name)}" for one in work.planned.columns)
    rows = select_rows(work.plan, work.planned, stored=stored)
    return f"SELECT q.pseudonym AS {PERSON}{columns} FROM ({rows}) r JOIN {_ranked(work)}"


def lay_people_of_rows(work: Bringing, table: str, stored: str) -> None:
    """Lay the persons (number, rows) whose rows are kept and pass the approval's choice, and how many rows each has."""
    noted = {work.change.came: work.change.came_people, work.change.went: work.change.went_people}
    if stored in noted and work.laying.ranked is not None:
        _see_ranked(work.engine, work.laying.ranked, table, noted[stored])
        return
    if stored in noted and work.planned.rows is None and work.planned.period is None:
        counted, by = (
            f"SELECT number, rows FROM {noted[stored]}",
            f"{PERSONS} q ON {_here(work)} AND q.number = r.number",
        )
    else:
        rows = select_rows(work.plan, work.planned, stored=stored)
        counted, by = f"SELECT {name(RANK)}, count(*) AS rows FROM ({rows}) GROUP BY {name(RANK)}", _ranked(work)
    laid = name(f"{table} laid")
    work.engine.execute(f"CREATE OR REPLACE TEMP TABLE {laid} AS SELECT q.number, r.rows FROM ({counted}) r JOIN {by}")
    work.engine.execute(f"CREATE OR REPLACE TEMP VIEW {name(table)} AS SELECT * FROM {laid}")


def _see_ranked(engine: Connection, ranked: Ranked, table: str, people: str) -> None:
    """Name those persons of a relation (number, rows) who have a rank; where all have one, nobody is copied."""
    numbers = engine.execute(f"SELECT number FROM {people}").fetchnumpy()["number"].astype(np.int64, copy=False)
    others = numbers[ranked.ranks(numbers) < 0]
    without = ""
    if len(others):
        laid = name(f"{table} not kept")
        engine.register("people_now", pa.table({"number": others}))
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {laid} AS SELECT number FROM people_now")
        engine.unregister("people_now")
        without = f" ANTI JOIN {laid} USING (number)"
    engine.execute(f"CREATE OR REPLACE TEMP VIEW {name(table)} AS SELECT number, rows FROM {people} p{without}")


def _pseudonyms(work: Bringing, table: str) -> str:
    """Return a SELECT of the pseudonyms of persons laid by `lay_people_of_rows`."""
    return f"SELECT q.pseudonym FROM {PERSONS} q SEMI JOIN {name(table)} n ON n.number = q.number WHERE {_here(work)}"


def _ranked(work: Bringing) -> str:
    return f"{PERSONS} q ON {_here(work)} AND q.rank = r.{name(RANK)}"


def _here(work: Bringing) -> str:
    return f"q.namespace = {literal(work.planned.namespace)}"
