"""Owns the build of a project's snapshot from the store: approved columns only, nobody who opted out, project pseudonyms.

Needs the project's key, not the register: the store has internal numbers. What is the same as in the snapshot before is carried
over, so that a refresh costs what changed. Must never write a column that the plan does not name, an internal number, or rows
in the store's order (two projects could join their snapshots line by line).
"""

import json
import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.basis import Basis, basis_of
from tre.data.engine.bringing import bring_up
from tre.data.engine.candidates import kept_in, shares_of
from tre.data.engine.duck import THREADS, Connection, count_of, name, open_engine
from tre.data.engine.folders import Folders, hand_over, published
from tre.data.engine.knowing import Registers
from tre.data.engine.laying import Laying
from tre.data.engine.manifest import manifest_of, table_entry
from tre.data.engine.numbering import lay_records
from tre.data.engine.parts import keep_people, part_count, write_parts
from tre.data.engine.people import Laid, lay_people
from tre.data.engine.ranking import MOST_RANKED
from tre.data.engine.receipts import in_table, keep_receipt
from tre.data.engine.scanning import Scans, scanned_copies
from tre.data.engine.selecting import select_numbered, select_rows, texts_of
from tre.data.engine.spark_files import SparkBuild, build_by_spark, is_for_spark, people_in
from tre.data.engine.spark_session import SparkMaster
from tre.data.engine.views import VIEWS, mark_of, write_views
from tre.data.engine.words import words_of
from tre.kernel.errors import Conflict

Progress = Callable[[float, str], None]

_ONE_TIME = 946_684_800
"""Of every file, 2000-01-01: when each was written would tell how many rows went before it, and which a refresh changed."""


@dataclass(frozen=True, kw_only=True)
class Means:
    """What only some snapshots are built with.

    Args:
        registers: by which the scan of free text knows the persons; needed where the plan has free text.
        spark: where the tables that are built anew are built; None for DuckDB, here.
    """

    registers: Registers | None = None
    spark: SparkMaster | None = None


NO_MEANS = Means()


def build_snapshot(
    plan: SnapshotPlan,
    *,
    folders: Folders,
    key: bytes,
    at: datetime,
    progress: Progress,
    since: int = 0,
    means: Means = NO_MEANS,
) -> dict[str, Any]:
    """Build and publish one snapshot; return its manifest.

    Args:
        plan: what it holds.
        key: the project's, from the vault.
        at: the moment, for the manifest.
        progress: told after each table.
        since: the version from which what did not change is carried over; 0 to build all anew.
        means: what it is built with beside the store and the key.

    Raises:
        Conflict: there is a folder of that version: it is never changed.
    """
    folder = _free_folder(plan, folders)
    with published(folder) as part, open_engine(folders.scratch) as engine:
        progress(0.05, "leaving out who opted out, making pseudonyms")
        basis = basis_of(plan, since, folders=folders)
        most = 0 if means.spark else MOST_RANKED  # Spark joins the engine's table of persons
        people = lay_people(engine, plan, basis, folders=folders, key=key, most_ranked=most)
        if not basis.carries_all:
            lay_records(engine, plan, folders=folders, key=key)
        with ExitStack() as held:
            scans = held.enter_context(
                scanned_copies(engine, plan, folders=folders, registers=means.registers, kept=_kept)
            )
            by_spark = None
            if means.spark and any(is_for_spark(one) and not basis.carries(one) for one in plan.tables):
                by_spark = held.enter_context(build_by_spark(means.spark, engine, plan, folders=folders, scans=scans))
            work = _Work(
                engine=engine,
                plan=plan,
                part=part,
                basis=basis,
                folders=folders,
                key=key,
                scans=scans,
                spark=by_spark,
                people=people,
            )
            tables = _tables(work, progress)
        _lay_views(part, plan, basis)
        manifest = manifest_of(plan, tables, people.removed, at)
        (part / "manifest.json").write_text(json.dumps(manifest, indent=1))
        keep_receipt(engine, plan, people.rosters, left_out=people.left_out, before=basis.receipt, folders=folders)
        _give(part, reader_uid=plan.reader_uid)
    return manifest


def _free_folder(plan: SnapshotPlan, folders: Folders) -> Path:
    """Return the folder of the version, which is not there yet."""
    folder = folders.snapshot(plan.project_id, plan.version)
    if folder.exists():
        raise Conflict(f"Version {plan.version} is there already: order the next one.", code="data.snapshot.exists")
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.parent.chmod(0o711)  # whatever the umask: sessions pass through, and read no list of names
    return folder


def _lay_views(part: Path, plan: SnapshotPlan, basis: Basis) -> None:
    """Lay the file of views: that of the snapshot before where it says the same, a link is enough."""
    if basis.receipt.views == mark_of(plan):
        (part / VIEWS).hardlink_to(basis.folder / VIEWS)
    else:
        write_views(part, plan)


def _give(part: Path, *, reader_uid: int) -> None:
    """Let the project read the folder, in which every file has one time."""
    hand_over(part, reader_uid=reader_uid)
    for path in (*part.rglob("*"), part):
        os.utime(path, (_ONE_TIME, _ONE_TIME))


@dataclass(frozen=True, kw_only=True)
class _Work:
    """What the writing of a snapshot's tables needs."""

    engine: Connection
    plan: SnapshotPlan
    part: Path
    basis: Basis
    folders: Folders
    key: bytes
    scans: Scans
    spark: SparkBuild | None
    people: Laid


def _tables(work: _Work, progress: Progress) -> list[dict[str, Any]]:
    """Write all tables; return their entries for the manifest."""
    entries = []
    for number, planned in enumerate(work.plan.tables):
        progress(0.1 + 0.85 * number / len(work.plan.tables), f"writing {planned.name}")
        entries.append(_table(work, planned) | {"free_text": work.scans.found.get(planned.name, [])})
    return entries


def _table(work: _Work, planned: PlannedTable) -> dict[str, Any]:
    engine, plan = work.engine, work.plan
    folder = work.part / "tables" / planned.name
    folder.mkdir(parents=True)
    laying = Laying(
        engine=engine,
        folder=folder,
        scratch=work.folders.scratch,
        namespace=planned.namespace if planned.table.has_person else "",
        ranked=work.people.ranked.get(planned.namespace) if planned.table.has_person else None,
    )
    if work.basis.carries(planned):
        entry, turn = bring_up(laying, plan, planned, basis=work.basis, key=work.key)
        work.people.rosters.update({in_table(planned): turn} if turn else {})
        return entry
    if planned.table.has_person:
        work.people.rosters[in_table(planned)] = f"SELECT number FROM {name(in_table(planned))}"
    source = work.scans.relation(planned, work.folders)
    rows = count_of(engine, source)
    count = part_count(rows=rows, columns=len(planned.columns))
    if work.spark and is_for_spark(planned):
        return _table_of_spark(work.spark, laying, planned, count=count)
    laying = replace(laying, words=words_of(engine, texts_of(plan, planned, stored=source)))
    shares = shares_of(source, rows=rows, count=THREADS)
    select = select_rows if laying.ranked is None else select_numbered
    files = write_parts(laying, [select(plan, planned, stored=one) for one in shares], count=count)
    ranks = np.concatenate([one.ranks for one in files])
    if planned.table.has_person:
        keep_people(laying, ranks, table=in_table(planned))
    return table_entry(planned, [one.part for one in files], persons=len(ranks))


def _table_of_spark(spark: SparkBuild, laying: Laying, planned: PlannedTable, *, count: int) -> dict[str, Any]:
    parts, persons = spark.write(laying, planned, count=count), 0
    if planned.table.has_person:
        there = name(in_table(planned))
        laying.engine.execute(f"CREATE TEMP TABLE {there} AS {people_in(laying)}")
        persons = count_of(laying.engine, there)
    return table_entry(planned, parts, persons=persons)


def _kept(namespace: str) -> str:
    return f"SELECT number FROM {name(kept_in(namespace))}"
