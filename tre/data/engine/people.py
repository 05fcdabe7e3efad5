"""Owns who is in a snapshot, laid for its writing: everybody found, those kept, the pseudonyms that are needed.

Where the snapshot before is carried whole, only those whom a change touches get a pseudonym: the others have theirs in files
that stay. Must never keep a person whom a rule leaves out.
"""

from typing import Any

from tre.data.domain.contract import PERSON
from tre.data.domain.snapshot_plan import SnapshotPlan
from tre.data.engine.basis import Basis
from tre.data.engine.candidates import TABLE, everyone, in_namespace, kept_in, lay_candidates
from tre.data.engine.cohort import keep_cohort
from tre.data.engine.duck import Connection, literal, name
from tre.data.engine.folders import Folders
from tre.data.engine.numbering import PERSONS, make_persons, number_persons


def lay_people(
    engine: Connection, plan: SnapshotPlan, basis: Basis, *, folders: Folders, key: bytes
) -> list[dict[str, Any]]:
    """Lay who is in the snapshot, a namespace at a time; return who was left out, by rule.

    Lays `persons`, and for each namespace the tables named by `in_namespace` (everybody found) and `kept_in`.
    """
    make_persons(engine)
    removed = []
    spaces = sorted({one.namespace for one in plan.tables if one.table.has_person})
    for space in spaces:
        _create(engine, in_namespace(space), _found(plan, basis, space, folders))
        found = f"SELECT number FROM {name(in_namespace(space))}"
        removed += lay_candidates(engine, plan, space, folders, found=found)
        _create(engine, kept_in(space), f"SELECT number FROM {TABLE}")
        needed = _touched(plan, basis, space) if basis.carries_all else f"SELECT number FROM {TABLE}"
        number_persons(engine, plan, space, key=key, numbers=needed)
    if any(one.chooses_persons for one in plan.tables):
        keep_cohort(engine, plan, folders=folders)
        for space in spaces:
            _create(engine, kept_in(space), f"SELECT number FROM {PERSONS} WHERE namespace = {literal(space)}")
    return removed


def _create(engine: Connection, table: str, select: str) -> None:
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {name(table)} AS {select}")


def _found(plan: SnapshotPlan, basis: Basis, space: str, folders: Folders) -> str:
    tables = [one for one in plan.tables if one.namespace == space and one.table.has_person]
    if not basis.knows_everybody:
        return everyone(tables, folders)
    came = [f"SELECT {PERSON} AS number FROM {basis.changes[one.name].came}" for one in tables if basis.carries(one)]
    anew = [one for one in tables if not basis.carries(one)]
    before = f"SELECT number FROM {basis.receipt.people(in_namespace(space))}"
    others = " UNION ".join([*came, *([everyone(anew, folders)] if anew else [])])
    return f"{before} UNION ALL SELECT DISTINCT number FROM ({others}) ANTI JOIN ({before}) USING (number)"


def _touched(plan: SnapshotPlan, basis: Basis, space: str) -> str:
    """Return a SELECT of those kept who have rows that came or went, or who were not in the snapshot before."""
    changes = [basis.changes[one.name] for one in plan.tables if one.namespace == space]
    rows = [f"SELECT {PERSON} AS number FROM {one}" for change in changes for one in (change.came, change.went)]
    back = f"SELECT number FROM {TABLE} ANTI JOIN {basis.receipt.people(kept_in(space))} USING (number)"
    return f"SELECT number FROM {TABLE} SEMI JOIN ({' UNION '.join([*rows, back])}) USING (number)"
