"""Owns the bringing of one table up to date: files without a change are carried, new rows added, files with a removal rewritten.

New rows of many persons lie in files of their own, in the order of pseudonyms; new rows of few persons are put where the
persons are, because a file of their own would show them as a small group. Must never leave a row of a person who is no longer
kept.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from tre.data.domain.contract import PERSON
from tre.data.domain.pseudonym import persons_of
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.basis import ADDED, Basis, is_added
from tre.data.engine.candidates import in_namespace, kept_in
from tre.data.engine.carrying import GONE, NEW, NEW_PEOPLE, WENT, Bringing, carry_files, link_files, people_of_rows
from tre.data.engine.duck import literal, name
from tre.data.engine.manifest import table_entry
from tre.data.engine.numbering import lay_texts, number_records, records_table
from tre.data.engine.part_files import Part
from tre.data.engine.parts import Laying, part_count, write_parts
from tre.data.engine.receipts import in_table
from tre.data.engine.selecting import select_rows

FEWEST_ADDED = 1_000
"""Persons whose new rows may lie in files of their own; below, they are put among the others."""


def bring_up(laying: Laying, plan: SnapshotPlan, planned: PlannedTable, *, basis: Basis, key: bytes) -> dict[str, Any]:
    """Write the table's files from those of the snapshot before and what changed; return its entry for the manifest."""
    work = Bringing(laying=laying, plan=plan, planned=planned, basis=basis, key=key)
    before = [Part(**one) for one in basis.entries[planned.name]["files"]]
    if not planned.table.has_person:
        return table_entry(planned, link_files(work, before), persons=0)
    _lay_rows(work)
    _lay_gone(work)
    if basis.carries_all:
        _lay_records(work)
    work.engine.execute(f"CREATE OR REPLACE TEMP TABLE {name(NEW_PEOPLE)} AS {people_of_rows(work, NEW)}")
    new_people = _count(work, f"SELECT number FROM {name(NEW_PEOPLE)}")
    files = carry_files(work, before, puts_in=0 < new_people < FEWEST_ADDED)
    if new_people >= FEWEST_ADDED:
        files += _add(work, before)
    return table_entry(planned, files, persons=_lay_people(work))


def _lay_rows(work: Bringing) -> None:
    """Lay the stored rows that come into the table and that go from it; all of persons who are kept."""
    kept = f"SEMI JOIN {name(kept_in(work.planned.namespace))} k ON k.number = s.{PERSON}"
    came = f"SELECT s.* FROM {work.change.came} s {kept}"
    work.engine.execute(f"CREATE OR REPLACE TEMP TABLE {name(NEW)} AS {came}")
    work.engine.execute(f"CREATE OR REPLACE TEMP TABLE {name(WENT)} AS SELECT s.* FROM {work.change.went} s {kept}")
    back = _people_back(work)
    if _left_out_before(work) and _count(work, back):
        before = f"SELECT s.* FROM {work.change.before} s SEMI JOIN ({back}) b ON b.number = s.{PERSON}"
        left = f"SELECT s.* FROM {work.change.went} s SEMI JOIN ({back}) b ON b.number = s.{PERSON}"
        work.engine.execute(f"INSERT INTO {name(NEW)} ({before}) EXCEPT ALL ({left})")
        work.engine.execute(f"DELETE FROM {name(WENT)} WHERE {PERSON} IN ({back})")


def _people_back(work: Bringing) -> str:
    """Return a SELECT of those who were left out before and are kept now: an opt-out was taken back."""
    space = work.planned.namespace
    return (
        f"SELECT number FROM {name(kept_in(space))} SEMI JOIN {work.kept_before(in_namespace(space))} USING (number) "
        f"ANTI JOIN {work.kept_before(kept_in(space))} USING (number)"
    )


def _left_out_before(work: Bringing) -> int:
    """Return how many were left out of the snapshot before, from the sizes of its lists alone."""
    space = work.planned.namespace
    found, kept = (_count(work, f"FROM {work.kept_before(one)}") for one in (in_namespace(space), kept_in(space)))
    return found - kept


def _lay_gone(work: Bringing) -> None:
    """Lay the pseudonyms of those who were in the table and are no longer kept."""
    gone = f"SELECT number FROM {work.kept_before(in_table(work.planned))} ANTI JOIN {name(kept_in(work.planned.namespace))} USING (number)"
    lay_texts(work.engine, name(GONE), persons_of(work.planned.namespace), key=work.key, numbers=gone)


def _lay_records(work: Bringing) -> None:
    for column in work.planned.columns:
        if table := records_table(work.planned, column):
            rows = [f"SELECT {name(column.name)} AS number FROM {name(one)}" for one in (NEW, WENT)]
            found = f"SELECT number FROM ({' UNION '.join(rows)}) WHERE number IS NOT NULL"
            number_records(work.engine, table, (work.planned, column), key=work.key, numbers=found)


def _add(work: Bringing, before: list[Part]) -> list[Part]:
    """Write the new rows into files of their own."""
    times = {Path(one.file).name.rsplit("-", 1)[0] for one in before if is_added(one)}
    laying = replace(work.laying, label=f"{ADDED}{len(times) + 1:02d}-")
    count = part_count(rows=_count(work, f"SELECT 1 FROM {name(NEW)}"), columns=len(work.planned.columns))
    rows = select_rows(work.plan, work.planned, stored=name(NEW))
    return [one.part for one in write_parts(laying, [rows], count=count)]


def _lay_people(work: Bringing) -> int:
    """Lay the persons who are in the table now; return how many."""
    kept = name(in_table(work.planned))
    files = f"read_parquet({literal(work.laying.folder / '*.parquet')})"
    lost = (
        f"SELECT number FROM ({people_of_rows(work, WENT)}) "
        f"ANTI JOIN (SELECT DISTINCT {PERSON} AS pseudonym FROM {files}) USING (pseudonym)"
    )
    gone = f"SELECT number FROM {name(GONE)}"
    leaving = f"{gone} UNION {lost}" if _count(work, f"SELECT 1 FROM {name(WENT)}") else gone
    stay = f"SELECT number FROM {work.kept_before(in_table(work.planned))} ANTI JOIN ({leaving}) USING (number)"
    come = f"SELECT number FROM {name(NEW_PEOPLE)} ANTI JOIN ({stay}) USING (number)"
    work.engine.execute(f"CREATE TEMP TABLE {kept} AS {stay} UNION ALL {come}")
    return _count(work, f"SELECT 1 FROM {kept}")


def _count(work: Bringing, select: str) -> int:
    row = work.engine.execute(f"SELECT count(*) FROM ({select})").fetchone()
    return int(row[0]) if row else 0
