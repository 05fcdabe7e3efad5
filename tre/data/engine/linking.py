"""Owns the measuring of linkage in a trial of a snapshot: who of one dataset is in the other. Gives figures alone, never a person."""

from collections.abc import Iterable

from tre.data.domain.linkage import Pair, PairFigures, TableFigures, pairs
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.candidates import TABLE, everyone, stored
from tre.data.engine.duck import Connection, count_of
from tre.data.engine.folders import Folders


def measure_linkage(
    engine: Connection, plan: SnapshotPlan, namespace: str, *, folders: Folders
) -> tuple[PairFigures, ...]:
    """Return the figures of each pair of datasets of one namespace, of the persons who are left after opt-outs.

    Args:
        engine: in which table `candidates` of the namespace is laid.
    """
    tables = [one for one in plan.tables if one.namespace == namespace and one.table.has_person]
    return tuple(_pair(engine, pair, tables, folders) for pair in pairs((one.namespace, one.dataset) for one in tables))


def _pair(engine: Connection, pair: Pair, tables: Iterable[PlannedTable], folders: Folders) -> PairFigures:
    of_pair = [one for one in tables if one.dataset in (pair.first, pair.second)]
    for number, dataset in enumerate((pair.first, pair.second)):
        there = everyone((one for one in of_pair if one.dataset == dataset), folders)
        engine.execute(
            f"CREATE OR REPLACE TEMP TABLE side_{number} AS SELECT number FROM {TABLE} SEMI JOIN ({there}) USING (number)"
        )
    both = count_of(engine, "side_0 SEMI JOIN side_1 USING (number)")
    return PairFigures(
        first=pair.first,
        second=pair.second,
        both=both,
        first_only=count_of(engine, "side_0") - both,
        second_only=count_of(engine, "side_1") - both,
        tables=tuple(_table(engine, one, pair, folders) for one in of_pair),
    )


def _table(engine: Connection, planned: PlannedTable, pair: Pair, folders: Folders) -> TableFigures:
    other = "side_1" if planned.dataset == pair.first else "side_0"
    people = f"SELECT DISTINCT s.person AS number FROM {stored(planned, folders)} s SEMI JOIN {TABLE} c ON c.number = s.person"
    return TableFigures(
        dataset=planned.dataset,
        table=planned.table.name,
        persons=count_of(engine, f"({people})"),
        linked=count_of(engine, f"({people}) SEMI JOIN {other} USING (number)"),
    )
