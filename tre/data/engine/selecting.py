"""Owns the plan of a snapshot's table as one SELECT, for DuckDB and, by transpilation, for Spark. Must never name a file.

It reads the stored table as `s`, the persons as `p`, records by their own tables; only functions that both engines have.
Where ranks are in memory (`ranking`), the rows come with their persons' internal numbers, and no table of persons is joined.
"""

from tre.data.domain.contract import PERSON, Column, ColumnClass, ColumnType
from tre.data.domain.free_text import scanned_name
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.duck import literal, name
from tre.data.engine.filtering import condition
from tre.data.engine.generalise import published_value
from tre.data.engine.numbering import PERSONS, records_table
from tre.data.engine.words import LOOKED_AT, Texts

RANK = "rank of person"
"""Column of the person's rank; a space in it, so that no column of a contract has the name."""
NUMBER = "number of person"
"""Column of the person's internal number, on the way to the rank; it must never be written into a snapshot."""


def select_rows(plan: SnapshotPlan, planned: PlannedTable, *, stored: str) -> str:
    """Return the SELECT of a table's rows: the person's rank (where it is about persons), then the approved columns.

    Args:
        stored: the relation of the table in the store.
    """
    if not planned.table.has_person:
        return _select(plan, planned, front=[], joins=[], stored=stored)
    join = f"JOIN {PERSONS} p ON p.namespace = {literal(planned.namespace)} AND p.number = s.{PERSON}"
    return _select(plan, planned, front=[f"p.rank AS {name(RANK)}"], joins=[join], stored=stored)


def select_numbered(plan: SnapshotPlan, planned: PlannedTable, *, stored: str) -> str:
    """Return the SELECT of the rows of a table about persons, each person's internal number first, of whoever is in the store.

    It cannot shift dates: by how many days is told in the table `persons`.
    """
    return _select(plan, planned, front=[f"s.{PERSON} AS {name(NUMBER)}"], joins=[], stored=stored)


def _select(plan: SnapshotPlan, planned: PlannedTable, *, front: list[str], joins: list[str], stored: str) -> str:
    values = [*front, *(f"{_value(plan, planned, column)} AS {name(column.name)}" for column in planned.columns)]
    wanted = condition(planned, lambda column: published_value(column, on=plan.built_on))
    where = f" WHERE {wanted}" if wanted else ""
    return f"SELECT {', '.join(values)} FROM {stored} s {' '.join([*joins, *_records(planned)])}{where}"


def texts_of(plan: SnapshotPlan, planned: PlannedTable, *, stored: str) -> dict[str, Texts]:
    """Return column to its texts as published, for columns of text that may have few of them.

    Of all stored rows, so of more than are in the snapshot. Each stored value is published once, not each row's.
    """
    many = {ColumnClass.FREE_TEXT, ColumnClass.RECORD_IDENTIFIER}
    texts = [one for one in planned.columns if one.published_type == ColumnType.TEXT and one.kind not in many]
    found = {}
    for one in texts:
        published = f"SELECT {published_value(one, on=plan.built_on)} AS text FROM"
        column = name(one.name)
        found[one.name] = Texts(
            first=f"{published} (SELECT {column} FROM {stored} LIMIT {LOOKED_AT}) s",
            each=f"{published} (SELECT DISTINCT {column} FROM {stored}) s",
        )
    return found


def _value(plan: SnapshotPlan, planned: PlannedTable, column: Column) -> str:
    if column.kind == ColumnClass.FREE_TEXT:
        return f"s.{name(scanned_name(column.name))}"  # a table that was not scanned has no such column
    records = records_table(planned, column)
    return f"{_alias(column)}.pseudonym" if records else published_value(column, on=plan.built_on)


def _records(planned: PlannedTable) -> list[str]:
    return [
        f"LEFT JOIN {records_table(planned, column)} {_alias(column)} "
        f"ON {_alias(column)}.number = s.{name(column.name)}"
        for column in planned.columns
        if records_table(planned, column)
    ]


def _alias(column: Column) -> str:
    return name(f"record {column.name}")
