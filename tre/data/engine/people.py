"""Owns who is in a snapshot, laid for its writing: those kept, who joined and who left, the pseudonyms that are needed.

Where that follows from the snapshot before, only those whom a change touches are looked at and get a pseudonym: the others
have theirs in files that stay. Must never keep a person whom a rule leaves out.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tre.data.domain.contract import shift_bound
from tre.data.domain.pseudonym import persons_of
from tre.data.domain.snapshot_plan import SnapshotPlan
from tre.data.engine.basis import Basis
from tre.data.engine.candidates import TABLE, LeftOut, everyone, in_namespace, kept_in, lay_candidates, told_of
from tre.data.engine.cohort import keep_cohort
from tre.data.engine.duck import Connection, literal, name
from tre.data.engine.folders import Folders
from tre.data.engine.numbering import PERSONS, make_persons, number_persons
from tre.data.engine.ranking import Ranked
from tre.data.engine.rosters import Now, Turn
from tre.data.engine.turnover import Turnover, found_first, joined, left, vanished


@dataclass(frozen=True, kw_only=True)
class Laid:
    """Who is in a snapshot.

    Args:
        left_out: namespace to how many were left out, by rule.
        rosters: the lists of persons that its receipt keeps; the writing of each table adds its own.
        ranked: namespace to its persons, where their ranks are in memory.
    """

    left_out: dict[str, LeftOut] = field(default_factory=dict)
    rosters: dict[str, Now] = field(default_factory=dict)
    ranked: dict[str, Ranked] = field(default_factory=dict)

    @property
    def removed(self) -> list[dict[str, Any]]:
        """Who was left out, by rule, as others may see it."""
        return [one for left_out in self.left_out.values() for one in told_of(left_out)]


def lay_people(
    engine: Connection, plan: SnapshotPlan, basis: Basis, *, folders: Folders, key: bytes, most_ranked: int = 0
) -> Laid:
    """Lay who is in the snapshot, a namespace at a time.

    Lays `persons`; for each namespace the tables named by `joined` and `left` where something is carried, and `kept_in` where
    not everything is.

    Args:
        most_ranked: of how many persons ranks may be in memory, in place of `persons`, where a build needs no more of them.
    """
    make_persons(engine)
    laid = Laid()
    spaces = sorted({one.namespace for one in plan.tables if one.table.has_person})
    for space in spaces:
        if basis.follows:
            turnover = Turnover(engine=engine, plan=plan, basis=basis, namespace=space, folders=folders)
            laid.left_out[space] = turnover.lay()
            _lay_needed(engine, plan, space, laid, key=key, needed=turnover.needed(), most_ranked=most_ranked)
            laid.rosters[in_namespace(space)] = Turn(came=_all(found_first(space)), went=_all(vanished(space)))
            laid.rosters[kept_in(space)] = Turn(came=_all(joined(space)), went=_all(left(space)))
        else:
            laid.left_out[space] = _lay_everybody(engine, plan, space, folders=folders)
            _lay_needed(
                engine,
                plan,
                space,
                laid,
                key=key,
                needed=_all(kept_in(space)),
                most_ranked=0 if basis.changes else most_ranked,
            )
            laid.rosters.update({one(space): _all(one(space)) for one in (in_namespace, kept_in)})
    if any(one.chooses_persons for one in plan.tables):
        keep_cohort(engine, plan, folders=folders)
        for space in spaces:
            _create(engine, kept_in(space), f"SELECT number FROM {PERSONS} WHERE namespace = {literal(space)}")
    if not basis.follows:
        _lay_turn(engine, plan, basis)
    return laid


def _lay_needed(
    engine: Connection, plan: SnapshotPlan, space: str, laid: Laid, *, key: bytes, needed: str, most_ranked: int
) -> None:
    """Give the persons of the SELECT `needed` their pseudonyms: their ranks in memory where more is not asked of them."""
    if most_ranked and not _asks_more(plan):
        numbers = engine.execute(f"{needed} LIMIT {most_ranked + 1}").fetchnumpy()["number"]
        if len(numbers) <= most_ranked:
            laid.ranked[space] = Ranked(numbers.astype(np.int64, copy=False), key=key, space=persons_of(space))
            return
    number_persons(engine, plan, space, key=key, numbers=needed)


def _asks_more(plan: SnapshotPlan) -> bool:
    """Say whether a build asks of its persons more than their ranks: some are chosen, or dates are shifted."""
    shifts = shift_bound(column for one in plan.tables for column in one.table.columns)
    return bool(shifts) or any(one.chooses_persons for one in plan.tables)


def _lay_everybody(engine: Connection, plan: SnapshotPlan, space: str, *, folders: Folders) -> LeftOut:
    """Lay everybody found in a namespace and those kept, by looking at all; return who was left out."""
    tables = [one for one in plan.tables if one.namespace == space and one.table.has_person]
    _create(engine, in_namespace(space), everyone(tables, folders))
    left_out = lay_candidates(engine, plan, space, folders, found=_all(in_namespace(space)))
    _create(engine, kept_in(space), f"SELECT number FROM {TABLE}")
    return left_out


def _lay_turn(engine: Connection, plan: SnapshotPlan, basis: Basis) -> None:
    """Lay who joined and who left, by comparing all who are kept with all who were."""
    for space in sorted({one.namespace for one in plan.tables if one.table.has_person and basis.carries(one)}):
        before = basis.receipt.people(kept_in(space))
        _create(engine, joined(space), f"{_all(kept_in(space))} ANTI JOIN {before} USING (number)")
        _create(engine, left(space), f"SELECT number FROM {before} ANTI JOIN {name(kept_in(space))} USING (number)")


def _create(engine: Connection, table: str, select: str) -> None:
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {name(table)} AS {select}")


def _all(table: str) -> str:
    return f"SELECT number FROM {name(table)}"
