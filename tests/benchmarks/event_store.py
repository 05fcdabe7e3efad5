"""Owns the made store that the snapshot benchmarks read: events in the order of arrival, 50 for each person. No person is real."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from tre.data.domain.contract import Column, ColumnClass, ColumnType, Contract, Table
from tre.data.domain.snapshot_plan import ApprovedTable, SnapshotPlan, plan_tables
from tre.data.engine.folders import Folders

EVENTS_EACH = 50
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
KEY = bytes(range(32))
COLUMNS = ("seen_on", "code", "value", "unit", "low", "high", "ward", "kind")
SELECTED = ", ".join(("person", *COLUMNS))


def _column(name: str, kind: ColumnClass, of: ColumnType) -> Column:
    return Column(name=name, source=name, kind=kind, type=of, meaning=name)


EVENTS = Table(
    name="events",
    meaning="Events",
    file="events",
    columns=(
        _column("number", ColumnClass.PERSON_IDENTIFIER, ColumnType.INTEGER),
        _column("seen_on", ColumnClass.PLAIN, ColumnType.DATE),
        _column("code", ColumnClass.PLAIN, ColumnType.TEXT),
        _column("value", ColumnClass.PLAIN, ColumnType.DECIMAL),
        _column("unit", ColumnClass.PLAIN, ColumnType.TEXT),
        _column("low", ColumnClass.PLAIN, ColumnType.DECIMAL),
        _column("high", ColumnClass.PLAIN, ColumnType.DECIMAL),
        _column("ward", ColumnClass.PLAIN, ColumnType.INTEGER),
        _column("kind", ColumnClass.PLAIN, ColumnType.INTEGER),
    ),
)
CONTRACT = Contract(
    dataset="made",
    title="Made events",
    summary="",
    source="",
    custodian="gwen",
    legal_basis="",
    identifier_kind="whole_number",
    namespace="made",
    opt_outs=(),
    opt_out_files=(),
    quarantine_limit=0.0,
    tables=(EVENTS,),
    sha256="0" * 64,
)


def make_store(folder: Path, *, rows: int, version: str = "v1", seed: int = 0, persons: int = 0) -> Folders:
    """Write a version of `rows` events to the store below `folder`, as ingestion would leave it.

    Args:
        persons: how many there are; 0 for one to fifty events.
    """
    folders = Folders.under(folder)
    folders.prepare()
    path = table_path(folders, version)
    path.parent.mkdir(parents=True, exist_ok=True)
    people = persons or max(1, rows // EVENTS_EACH)
    # An odd factor modulo 2^63 sends no two persons to one number.
    number = f"((hash(i, {seed}, 1) % {people})::HUGEINT * 6364136223846793005 % 9223372036854775808)::BIGINT"
    with duckdb.connect(config={"threads": 2}) as engine:
        engine.execute(
            f"COPY (SELECT {number} AS person, DATE '2015-01-01' + (i * 3650 // {rows})::INTEGER AS seen_on, {{code}} AS code, "
            f"round((hash(i, {seed}, 5) % 100000) / 100.0, 2) AS value, ['mmHg', 'mmol/L', 'g/dL', '%'][1 + code % 4] AS unit, "
            f"(code % 40)::DOUBLE AS low, (code % 40 + 60)::DOUBLE AS high, (hash(i, {seed}, 6) % 300)::INTEGER AS ward, "
            f"(hash(i, {seed}, 8) % 8)::INTEGER AS kind "
            f"FROM (SELECT i, (hash(i, {seed}, 3) % 2000)::INTEGER AS code FROM range({rows}) t(i))) "
            f"TO '{path}' (FORMAT parquet)".replace(
                "{code}", "chr(65 + code % 20) || lpad((code // 20)::VARCHAR, 2, '0')"
            )
        )
    list_people(folders, version)
    return folders


def list_people(folders: Folders, version: str) -> None:
    """Lay who is in the events of a version, as ingestion does."""
    path = folders.people(CONTRACT.dataset, version, EVENTS.name)
    path.parent.mkdir(exist_ok=True)
    with duckdb.connect(config={"threads": 2}) as engine:
        select = f"SELECT DISTINCT person AS number FROM '{table_path(folders, version)}' ORDER BY number"
        engine.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet, COMPRESSION uncompressed)")


def table_path(folders: Folders, version: str) -> Path:
    """File of the events in one version of the store."""
    return folders.version(CONTRACT.dataset, version) / "events.parquet"


def plan_of(version: str = "v1", *, project_id: str = "p-aaaaaa", number: int = 1) -> SnapshotPlan:
    """A plan of all columns of the events."""
    approved = ApprovedTable(dataset=CONTRACT.dataset, table="events", columns=COLUMNS)
    return SnapshotPlan(
        project_id=project_id,
        version=number,
        built_on=date(2026, 11, 23),
        key_version=1,
        policy_revision="bench",
        reader_uid=0,
        tables=plan_tables([approved], {CONTRACT.dataset: CONTRACT}, {CONTRACT.dataset: version}),
        opt_outs=(),
    )


def quietly(share: float, words: str) -> None:
    """Tell nobody."""
