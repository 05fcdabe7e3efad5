"""Owns the bringing of one table up to date: files without a change are carried, new rows added, files with a removal rewritten.

New rows of many persons lie in files of their own, in the order of pseudonyms; new rows of few persons are put where the
persons are, because a file of their own would show them as a small group. Must never leave a row of a person who is no longer
kept.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from tre.data.domain.contract import PERSON
from tre.data.domain.pseudonym import persons_of
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.basis import ADDED, Basis, is_added
from tre.data.engine.candidates import in_namespace, kept_in, shares_of
from tre.data.engine.carrying import (
    GONE,
    NEW_PEOPLE,
    WENT_PEOPLE,
    Bringing,
    carry_files,
    lay_people_of_rows,
    link_files,
)
from tre.data.engine.duck import THREADS, Connection, count_of, literal, name
from tre.data.engine.laying import Laying
from tre.data.engine.manifest import table_entry
from tre.data.engine.numbering import PERSONS, lay_texts, number_persons, number_records, records_table
from tre.data.engine.part_files import Part
from tre.data.engine.parts import part_count, write_parts
from tre.data.engine.receipts import in_table
from tre.data.engine.rosters import Turn
from tre.data.engine.selecting import select_numbered, select_rows, texts_of
from tre.data.engine.turnover import joined, left
from tre.data.engine.words import words_of

FEWEST_ADDED = 1_000
"""Persons whose new rows may lie in files of their own; below, they are put among the others."""
MANY_ADDED = 5_000
"""Persons for whom a second file is worth its while; far more than `FEWEST_ADDED`, so that no file has fewer than those."""
_NEW, _WENT, _BACK = "new rows", "went rows", "people back"
_CAME_IN, _WENT_OUT = "came into table", "went from table"


def bring_up(
    laying: Laying, plan: SnapshotPlan, planned: PlannedTable, *, basis: Basis, key: bytes
) -> tuple[dict[str, Any], Turn | None]:
    """Write the table's files from those of the snapshot before and what changed.

    Returns:
        Its entry for the manifest, and who came into it and went from it; None where it is about nobody.
    """
    work = Bringing(laying=laying, plan=plan, planned=planned, basis=basis, key=key)
    before = [Part(**one) for one in basis.entries[planned.name]["files"]]
    if not planned.table.has_person:
        return table_entry(planned, link_files(work, before), persons=0), None
    work = _with_rows(work)
    _lay_gone(work)
    if basis.carries_all:
        _lay_records(work)
    work = work if _needs_ranks_alone(work) else _with_persons(work)
    for table, rows in ((NEW_PEOPLE, work.new), (WENT_PEOPLE, work.went)):
        lay_people_of_rows(work, table, rows)
    new_people = count_of(work.engine, name(NEW_PEOPLE))
    work = _with_persons(work) if 0 < new_people < FEWEST_ADDED else work
    files, written = carry_files(work, before, puts_in=0 < new_people < FEWEST_ADDED)
    if new_people >= FEWEST_ADDED:
        added = _add(work, before, people=new_people)
        files, written = files + added, written + added
    turn = _turn(work, written)
    came, went = (count_of(work.engine, f"({one})") for one in (turn.came, turn.went))
    return table_entry(planned, files, persons=basis.entries[planned.name]["persons"] + came - went), turn


def _with_rows(work: Bringing) -> Bringing:
    """Return the work with the stored rows that come into the table and that go from it."""
    space, change = work.planned.namespace, work.change
    found = f"SELECT number FROM {work.basis.receipt.people(in_namespace(space))} SEMI JOIN {name(joined(space))} USING (number)"
    work.engine.execute(f"CREATE OR REPLACE TEMP TABLE {name(_BACK)} AS {found}")
    if not count_of(work.engine, name(_BACK)):
        return replace(work, new=change.came, went=change.went)
    # Of whoever was left out before, all rows come: an opt-out was taken back.
    back = f"{name(_BACK)} b ON b.number = s.{PERSON}"
    before, ended = (f"SELECT s.* FROM {one} s SEMI JOIN {back}" for one in (change.before, change.went))
    new = f"SELECT * FROM {change.came} UNION ALL (({before}) EXCEPT ALL ({ended}))"
    work.engine.execute(f"CREATE OR REPLACE TEMP TABLE {name(_NEW)} AS {new}")
    work.engine.execute(
        f"CREATE OR REPLACE TEMP TABLE {name(_WENT)} AS SELECT s.* FROM {change.went} s ANTI JOIN {back}"
    )
    return replace(work, new=name(_NEW), went=name(_WENT))


def _lay_gone(work: Bringing) -> None:
    """Lay the pseudonyms of those who were in the table and are no longer kept."""
    gone = f"SELECT number FROM {_then(work)} SEMI JOIN {name(left(work.planned.namespace))} USING (number)"
    lay_texts(work.engine, name(GONE), persons_of(work.planned.namespace), key=work.key, numbers=gone)


def _lay_records(work: Bringing) -> None:
    for column in work.planned.columns:
        if table := records_table(work.planned, column):
            rows = [f"SELECT {name(column.name)} AS number FROM {one}" for one in (work.new, work.went)]
            found = f"SELECT number FROM ({' UNION '.join(rows)}) WHERE number IS NOT NULL"
            number_records(work.engine, table, (work.planned, column), key=work.key, numbers=found)


def _needs_ranks_alone(work: Bringing) -> bool:
    """Say whether what is written of persons are their new rows and no more, all of whoever is kept."""
    is_chosen = work.planned.rows is not None or work.planned.period is not None
    return not is_chosen and not work.change.went_rows and work.new == work.change.came


def _with_persons(work: Bringing) -> Bringing:
    """Return the work with the engine's table `persons` in place of ranks in memory."""
    if work.laying.ranked is None:
        return work
    space = work.planned.namespace
    if not count_of(work.engine, f"{PERSONS} WHERE namespace = {literal(space)}"):
        work.engine.register("people_ranked", pa.table({"number": work.laying.ranked.everyone}))
        number_persons(work.engine, work.plan, space, key=work.key, numbers="SELECT number FROM people_ranked")
        work.engine.unregister("people_ranked")
    return replace(work, laying=replace(work.laying, ranked=None))


def _add(work: Bringing, before: list[Part], *, people: int) -> list[Part]:
    """Write the new rows into files of their own; of many persons into several, which are written at the same time."""
    times = {Path(one.file).name.rsplit("-", 1)[0] for one in before if is_added(one)}
    laying = replace(work.laying, label=f"{ADDED}{len(times) + 1:02d}-")
    rows = _number(work.engine, f"SELECT CAST(sum(rows) AS BIGINT) FROM {name(NEW_PEOPLE)}")
    laying = replace(laying, words=words_of(work.engine, texts_of(work.plan, work.planned, stored=work.new)))
    least = THREADS if people >= THREADS * MANY_ADDED else 1
    count = max(least, part_count(rows=rows, columns=len(work.planned.columns)))
    came = work.change.came_rows
    shares = shares_of(work.new, rows=came, count=least, fewest=0) if work.new == work.change.came else [work.new]
    select = select_rows if laying.ranked is None else select_numbered
    selects = [select(work.plan, work.planned, stored=one) for one in shares]
    return [one.part for one in write_parts(laying, selects, count=count, rows=rows)]


def _turn(work: Bringing, written: list[Part]) -> Turn:
    """Return who came into the table and who went from it.

    Args:
        written: files that were not linked: whoever has a row that went has all others in these.
    """
    space, then = work.planned.namespace, work.basis.receipt.rosters
    new = f"SELECT number FROM {name(NEW_PEOPLE)}"
    if then[in_table(work.planned)].sizes.persons == then[kept_in(space)].sizes.persons:  # it had all who were kept
        came = f"{new} SEMI JOIN {name(joined(space))} USING (number)"
    else:
        came = f"{new} ANTI JOIN (SELECT number FROM {_then(work)} SEMI JOIN ({new}) USING (number)) USING (number)"
    went = f"SELECT number FROM {name(GONE)}"
    if count_of(work.engine, name(WENT_PEOPLE)):
        went += f" UNION ALL {_lost(work, written)}"
    return Turn(came=_laid(work, _CAME_IN, came), went=_laid(work, _WENT_OUT, went))


def _laid(work: Bringing, what: str, select: str) -> str:
    """Lay the persons of a SELECT for this table, and return a SELECT of them: it is read again when the receipt is kept."""
    table = name(f"{what} {work.planned.name}")
    work.engine.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {select}")
    return f"SELECT number FROM {table}"


def _lost(work: Bringing, written: list[Part]) -> str:
    """Return a SELECT of those who have no row left in the table, of those a row of whom went."""
    here = f"q.namespace = {literal(work.planned.namespace)}"
    some = f"SELECT q.number, q.pseudonym FROM {PERSONS} q SEMI JOIN {name(WENT_PEOPLE)} w ON w.number = q.number WHERE {here}"
    paths = ", ".join(literal(work.laying.folder / Path(one.file).name) for one in written)
    there = f"SELECT {PERSON} AS pseudonym FROM read_parquet([{paths}]) SEMI JOIN ({some}) l ON l.pseudonym = {PERSON}"
    return f"SELECT number FROM ({some}) ANTI JOIN ({there}) USING (pseudonym)"


def _then(work: Bringing) -> str:
    """Return the relation of the persons who were in the table."""
    return work.basis.receipt.people(in_table(work.planned))


def _number(engine: Connection, select: str) -> int:
    row = engine.execute(select).fetchone()
    return int(row[0] or 0) if row else 0
