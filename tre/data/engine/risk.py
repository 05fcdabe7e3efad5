"""Owns the measuring of disclosure risk in a trial of a snapshot: groups, uniques, diversity. Gives figures alone, never a row.

The groups are made by DuckDB, in bounded memory, because a library on data frames holds a whole table at once
(docs/adr on the risk report); a test holds the figures equal to pycanon's.
"""

from collections.abc import Iterator, Sequence

from tre.data.domain.risk import MOST_TRIED, RiskFigures, Without, is_measured, quasi_identifiers, sensitive
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.candidates import stored
from tre.data.engine.duck import Connection, literal, name
from tre.data.engine.filtering import condition
from tre.data.engine.folders import Folders
from tre.data.engine.generalise import published_value

PEOPLE = "people"
"""Table (namespace, number, shift_days) of the persons that the snapshot would hold; in a trial no date is shifted."""
_ROWS = "risk_rows"
_FEW = 10


def measure_risk(engine: Connection, plan: SnapshotPlan, *, folders: Folders) -> tuple[RiskFigures, ...]:
    """Return the figures of each table with a quasi-identifier, and of those with one row a person taken together.

    Args:
        engine: in which table `people` is laid.
    """
    found, single = [], []
    for number, planned in enumerate(one for one in plan.tables if is_measured(one)):
        rows = f"{_ROWS}_{number}"
        engine.execute(f"CREATE OR REPLACE TEMP TABLE {rows} AS {_published(plan, planned, folders)}")
        known = [one.name for one in quasi_identifiers(planned.columns)]
        minded = [one.name for one in sensitive(planned.columns)]
        found.append(figures(engine, rows, table=planned.name, known=known, minded=minded))
        if _one(engine, f"SELECT count(*) = count(DISTINCT person) FROM {rows}"):
            single.append((planned, rows, known, minded))
        else:
            engine.execute(f"DROP TABLE {rows}")
    return (*found, *_together(engine, single))


def asked_for(plan: SnapshotPlan, planned: PlannedTable, folders: Folders) -> str:
    """Return FROM and WHERE of a table's rows that the plan asks for, about `people`: the stored row is `s`, the person `p`."""
    wanted = condition(planned, lambda column: published_value(column, on=plan.built_on))
    here = f"p.namespace = {literal(planned.namespace)} AND p.number = s.person"
    where = f" WHERE {wanted}" if wanted else ""
    return f"FROM {stored(planned, folders)} s JOIN {PEOPLE} p ON {here}{where}"


def figures(engine: Connection, rows: str, *, table: str, known: Sequence[str], minded: Sequence[str]) -> RiskFigures:
    """Return the figures of the relation `rows`, which has a column `person`.

    Args:
        table: the name to tell.
        known: quasi-identifiers, at least one.
        minded: sensitive columns.
    """
    k, groups = _smallest(engine, rows, known)
    tried = [[one for one in known if one != column] for column in known] if 1 < len(known) <= MOST_TRIED else []
    return RiskFigures(
        table=table,
        quasi_identifiers=tuple(known),
        sensitive=tuple(minded),
        persons=_one(engine, f"SELECT count(DISTINCT person) FROM {rows}"),
        groups=groups,
        k=k,
        uniques=_in_groups_under(engine, rows, known, under=2),
        under_ten=_in_groups_under(engine, rows, known, under=_FEW),
        diversity=tuple((column, _diversity(engine, rows, known, column)) for column in minded),
        without=tuple(
            Without(
                column=column,
                k=_smallest(engine, rows, rest)[0],
                uniques=_in_groups_under(engine, rows, rest, under=2),
            )
            for column, rest in zip(known, tried, strict=False)
        ),
    )


def _published(plan: SnapshotPlan, planned: PlannedTable, folders: Folders) -> str:
    """Return what the snapshot would show of the columns that the figures are about; repeated rows of a person once."""
    columns = (*quasi_identifiers(planned.columns), *sensitive(planned.columns))
    values = ", ".join(f"{published_value(one, on=plan.built_on)} AS {name(one.name)}" for one in columns)
    return f"SELECT DISTINCT s.person, {values} {asked_for(plan, planned, folders)}"


def _together(
    engine: Connection, single: Sequence[tuple[PlannedTable, str, list[str], list[str]]]
) -> Iterator[RiskFigures]:
    """Give the figures of the tables with one row a person joined by person: who has several has them all side by side."""
    by_space: dict[str, list[tuple[PlannedTable, str, list[str], list[str]]]] = {}
    for one in single:
        by_space.setdefault(one[0].namespace, []).append(one)
    for space, tables in by_space.items():
        if len(tables) > 1:
            known = [f"{planned.name}.{one}" for planned, _, names, _ in tables for one in names]
            minded = [f"{planned.name}.{one}" for planned, _, _, names in tables for one in names]
            engine.execute(f"CREATE OR REPLACE TEMP TABLE {_ROWS} AS {_joined(space, tables)}")
            yield figures(engine, _ROWS, table="", known=known, minded=minded)


def _joined(space: str, tables: Sequence[tuple[PlannedTable, str, list[str], list[str]]]) -> str:
    values, joins = [], []
    for number, (planned, rows, known, minded) in enumerate(tables):
        joins.append(f"LEFT JOIN {rows} t{number} ON t{number}.person = p.number")
        values += [f"t{number}.{name(one)} AS {name(f'{planned.name}.{one}')}" for one in (*known, *minded)]
    return (
        f"SELECT p.number AS person, {', '.join(values)} FROM {PEOPLE} p {' '.join(joins)} "
        f"WHERE p.namespace = {literal(space)}"
    )


def _groups(rows: str, known: Sequence[str]) -> str:
    columns = ", ".join(name(one) for one in known)
    return f"SELECT {columns}, count(DISTINCT person) AS persons FROM {rows} GROUP BY {columns}"


def _smallest(engine: Connection, rows: str, known: Sequence[str]) -> tuple[int, int]:
    found = engine.execute(f"SELECT coalesce(min(persons), 0), count(*) FROM ({_groups(rows, known)})").fetchone()
    return (int(found[0]), int(found[1])) if found else (0, 0)


def _in_groups_under(engine: Connection, rows: str, known: Sequence[str], *, under: int) -> int:
    """Return how many persons are in a group of fewer than `under`; an empty value is a value like any other."""
    same = " AND ".join(f"r.{name(one)} IS NOT DISTINCT FROM g.{name(one)}" for one in known)
    small = f"SELECT * FROM ({_groups(rows, known)}) WHERE persons < {under}"
    return _one(engine, f"SELECT count(DISTINCT r.person) FROM {rows} r JOIN ({small}) g ON {same}")


def _diversity(engine: Connection, rows: str, known: Sequence[str], column: str) -> int:
    values = f"count(DISTINCT {name(column)}) + CAST(count(*) > count({name(column)}) AS INTEGER)"
    by = ", ".join(name(one) for one in known)
    return _one(engine, f"SELECT coalesce(min(l), 0) FROM (SELECT {values} AS l FROM {rows} GROUP BY {by})")


def _one(engine: Connection, query: str) -> int:
    row = engine.execute(query).fetchone()
    return int(row[0]) if row else 0
