"""Owns the cohort: where a project chose rows of a table that has one row a person, it chose persons, for every table.

Must never widen: it only takes persons away from those whom opt-outs and linkage left.
"""

from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.candidates import stored
from tre.data.engine.duck import Connection, literal
from tre.data.engine.filtering import condition
from tre.data.engine.folders import Folders
from tre.data.engine.generalise import published_value
from tre.data.engine.numbering import PERSONS


def keep_cohort(engine: Connection, plan: SnapshotPlan, *, folders: Folders) -> None:
    """Leave in `persons` those whose row passes, in each such table of their namespace; ranks are counted anew."""
    for planned in plan.tables:
        if planned.chooses_persons:
            engine.execute(f"CREATE OR REPLACE TABLE {PERSONS} AS {_kept(plan, planned, folders)}")


def _kept(plan: SnapshotPlan, planned: PlannedTable, folders: Folders) -> str:
    wanted = condition(planned, lambda column: published_value(column, on=plan.built_on))
    space = literal(planned.namespace)
    passing = (
        f"SELECT p.number FROM {stored(planned, folders)} s "
        f"JOIN {PERSONS} p ON p.namespace = {space} AND p.number = s.person WHERE {wanted}"
    )
    return (
        "SELECT namespace, number, pseudonym, "
        "CAST(row_number() OVER (PARTITION BY namespace ORDER BY pseudonym) - 1 AS INTEGER) AS rank, shift_days "
        f"FROM {PERSONS} WHERE namespace <> {space} OR number IN ({passing}) ORDER BY namespace, pseudonym"
    )
