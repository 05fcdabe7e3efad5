"""Owns which persons of a namespace a snapshot may hold: everybody in its tables, less those whom a rule leaves out.

Must never leave a person in who is on an opt-out list that applies, or who is not on a consent list that applies; a rule
whose list is not in the store is refused, never passed over.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from tre.data.domain.contract import PERSON
from tre.data.domain.linkage import IN_EVERY_DATASET, TOLD, shared_spaces
from tre.data.domain.opt_outs import Effect, OptOutRule
from tre.data.domain.small_numbers import rounded, told
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.duck import Connection, count_of, literal
from tre.data.engine.folders import Folders
from tre.kernel.errors import Unavailable

LeftOut = dict[str, int]
"""Words of a rule to how many it left out: exact, so the broker's alone; `told_of` says what others may see."""
TABLE = "candidates"
FEWEST_SHARED = 1_000_000
"""Rows of a table from which on it is worth reading its halves at the same time."""


def lay_candidates(
    engine: Connection, plan: SnapshotPlan, namespace: str, folders: Folders, *, found: str = ""
) -> LeftOut:
    """Lay table `candidates` (number) of one namespace; return how many were left out, by rule.

    The opt-outs go first and the linkage after them, so that each count says what that rule took away.

    Args:
        found: SELECT of everybody in the tables (column `number`), where that is known already; empty to look for them.

    Raises:
        Unavailable: the file of a list is not in the store.
    """
    tables = [one for one in plan.tables if one.namespace == namespace and one.table.has_person]
    rules = [rule for rule in plan.opt_outs if rule.namespace == namespace]
    left_out = leave_out(engine, rules, folders, found=found or everyone(tables, folders))
    return left_out | (_link(engine, tables, folders) if plan.linkage == IN_EVERY_DATASET else {})


def leave_out(engine: Connection, rules: Iterable[OptOutRule], folders: Folders, *, found: str) -> LeftOut:
    """Lay table `candidates` of those of the SELECT `found` (column `number`) whom no rule leaves out; return as above."""
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {TABLE} AS {found}")
    return {rule.told: _without(engine, _kept_by(engine, rule, folders)) for rule in rules}


def told_of(left_out: LeftOut) -> list[dict[str, Any]]:
    """Return who was left out as the snapshot's readers and the public may see it: none and few are told alike."""
    return [{"rule": rule, "persons": rounded(of) or None, "note": told(of)} for rule, of in left_out.items()]


def in_namespace(namespace: str) -> str:
    """Return the name under which everybody found in a namespace is kept, before anybody is left out."""
    return f"found in {namespace}"


def kept_in(namespace: str) -> str:
    """Return the name under which those who are in the snapshot are kept."""
    return f"kept in {namespace}"


def everyone(tables: Iterable[PlannedTable], folders: Folders) -> str:
    """Return a SELECT of the persons of these tables, each once, as column `number`."""
    reads = [people_of_table(one, folders) for one in tables]
    if not reads:
        return "SELECT 0::BIGINT AS number WHERE false"
    return " UNION ".join(reads) if len(reads) > 1 else reads[0]


def people_of_table(planned: PlannedTable, folders: Folders) -> str:
    """Return a SELECT of the persons (column `number`) of one table, each once."""
    return people_of_version(planned.dataset, planned.dataset_version, planned.table.name, folders)


def people_of_version(dataset: str, version: str, table: str, folders: Folders) -> str:
    """Return a SELECT of the persons of a table in one version of the store: as listed at loading, where they were."""
    listed = folders.people(dataset, version, table)
    if listed.exists():
        return f"SELECT number FROM read_parquet({literal(listed)})"
    return f"SELECT DISTINCT {PERSON} AS number FROM {stored_version(dataset, version, table, folders)}"


def stored(planned: PlannedTable, folders: Folders) -> str:
    """Return the relation of a table in the store."""
    return stored_version(planned.dataset, planned.dataset_version, planned.table.name, folders)


def stored_version(dataset: str, version: str, table: str, folders: Folders) -> str:
    """Return the relation of a table in one version of the store."""
    return f"read_parquet({literal(folders.version(dataset, version) / f'{table}.parquet')})"


def shares_of(source: str, *, rows: int, count: int, fewest: int = FEWEST_SHARED) -> list[str]:
    """Return relations that each have some of the rows of a stored table, all together every row once.

    Args:
        source: from `stored`; a file of Parquet.
        rows: of it.
        count: how many are wanted.
        fewest: rows of which fewer are left together.
    """
    if rows < fewest:
        return [source]
    ends = [rows * number // count for number in range(1, count)]
    placed = f"{source.removesuffix(')')}, file_row_number = true)"
    return [
        f"(SELECT * FROM {placed} WHERE file_row_number >= {low} AND file_row_number < {high})"
        for low, high in pairwise([0, *ends, rows])
    ]


def on_list(engine: Connection, rule: OptOutRule, folders: Folders) -> str:
    """Return a SELECT of the persons whose entry on the rule's list is in effect."""
    listed = _listed(rule, folders)
    return f"SELECT {PERSON} AS number FROM {listed} WHERE {_in_effect(engine, rule, listed)}"


def moved_on_list(engine: Connection, before: OptOutRule, now: OptOutRule, folders: Folders) -> str:
    """Return a SELECT (column `number`) of the persons whose entry came into effect or out of it, and perhaps of others.

    Raises:
        Unavailable: the file of a list is not in the store.
    """
    if before.sha256 == now.sha256:
        listed = _listed(now, folders)
        effects = [_in_effect(engine, one, listed) for one in (before, now)]
        return f"SELECT {PERSON} AS number FROM {listed} WHERE ({effects[0]}) <> ({effects[1]})"
    was, is_now = (on_list(engine, one, folders) for one in (before, now))
    one_way, other_way = (
        f"SELECT number FROM ({one}) ANTI JOIN ({other}) USING (number)"
        for one, other in ((was, is_now), (is_now, was))
    )
    return f"{one_way} UNION {other_way}"


def _listed(rule: OptOutRule, folders: Folders) -> str:
    path = folders.opt_outs(rule.sha256)
    if not path.exists():
        sentence = (
            f"The file of the {rule.list} is not in the store: restore it from the backup, or load the list again."
        )
        raise Unavailable(sentence, code="data.opt_outs.file_gone")
    return f"read_parquet({literal(path)})"


def _in_effect(engine: Connection, rule: OptOutRule, listed: str) -> str:
    """Return the condition under which an entry of a list is in effect on the rule's day."""
    day = f"DATE '{rule.on.isoformat()}'"
    names = {row[0] for row in engine.execute(f"DESCRIBE SELECT * FROM {listed}").fetchall()}
    withdrawn = f" AND (withdrawn_on IS NULL OR withdrawn_on > {day})" if "withdrawn_on" in names else ""
    return f"effective_from <= {day}{withdrawn}"


def _kept_by(engine: Connection, rule: OptOutRule, folders: Folders) -> str:
    join = "ANTI JOIN" if rule.effect == Effect.LEAVE_OUT else "SEMI JOIN"
    return f"SELECT number FROM {TABLE} {join} ({on_list(engine, rule, folders)}) USING (number)"


def _link(engine: Connection, tables: list[PlannedTable], folders: Folders) -> LeftOut:
    """Keep those who are in every dataset of the namespace; nothing to do where there is one dataset."""
    left_out = 0
    names = shared_spaces((one.namespace, one.dataset) for one in tables)
    for dataset in (one for datasets in names.values() for one in datasets):
        there = everyone((one for one in tables if one.dataset == dataset), folders)
        left_out += _without(engine, f"SELECT number FROM {TABLE} SEMI JOIN ({there}) USING (number)")
    return {TOLD: left_out} if names else {}


def _without(engine: Connection, kept: str) -> int:
    """Make the candidates those of the SELECT `kept`; return how many that took away."""
    before = count_of(engine, TABLE)
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {TABLE} AS {kept}")
    return before - count_of(engine, TABLE)
