"""Owns who comes into a snapshot and who leaves it, found from what changed: rows that came and went, entries on lists.

Nobody is looked at whom no change touches. Must never guess: it is asked only where who is kept follows from who was kept
(`Basis.follows`); elsewhere everybody is looked at.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tre.data.domain.opt_outs import OptOutRule
from tre.data.domain.snapshot_plan import PlannedTable, SnapshotPlan
from tre.data.engine.basis import Basis
from tre.data.engine.candidates import (
    TABLE,
    LeftOut,
    in_namespace,
    kept_in,
    leave_out,
    moved_on_list,
    on_list,
    people_of_table,
)
from tre.data.engine.duck import Connection, count_of, name
from tre.data.engine.folders import Folders

_CAME, _WENT, _MOVED = "people of rows that came", "people of rows that went", "people who moved on a list"
_STAYED, _OTHERS = "people with rows who were kept", "people with rows in question"
_KEPT_THEN = "kept then"


def joined(namespace: str) -> str:
    """Return the name under which those are laid who are kept now and were not before."""
    return f"joined {namespace}"


def left(namespace: str) -> str:
    """Return the name under which those are laid who were kept before and are not now."""
    return f"left {namespace}"


def found_first(namespace: str) -> str:
    """Return the name under which those are laid who were not in the tables before, whether they are kept or not."""
    return f"found first {namespace}"


def vanished(namespace: str) -> str:
    """Return the name under which those are laid who were in the tables before and are in none of them now."""
    return f"vanished {namespace}"


@dataclass(frozen=True, kw_only=True)
class Turnover:
    """The finding of one namespace's persons who come and leave."""

    engine: Connection
    plan: SnapshotPlan
    basis: Basis
    namespace: str
    folders: Folders

    def lay(self) -> LeftOut:
        """Lay the four tables named above; return how many are left out of the snapshot now, by rule."""
        self._lay_people_of_rows()
        self._lay_found()
        self._lay(_MOVED, " UNION ".join(self._moved()) or _nobody())
        return self._judge()

    def needed(self) -> str:
        """Return a SELECT of those kept now who have rows that came or went, or who joined: they need a pseudonym."""
        kept = f"{_some(_STAYED)} UNION ALL {_some(joined(self.namespace))}"
        return f"SELECT number FROM ({kept}) ANTI JOIN ({_some(left(self.namespace))}) USING (number)"

    def _lay_people_of_rows(self) -> None:
        """Lay the persons of rows that came or went; beside each, whether some table had the person, or has still."""
        changes = [self.basis.changes[one.name] for one in self._tables()]
        came = [one.came_people for one in changes if one.came_rows]
        went = [one.went_people for one in changes if one.went_rows]
        for table, lists in ((_CAME, came), (_WENT, went)):
            each = [f"SELECT number, there FROM {one}" for one in lists]
            if len(each) > 1:
                each = [f"SELECT number, bool_or(there) AS there FROM ({' UNION ALL '.join(each)}) GROUP BY number"]
            self._see(table, each[0] if each else f"SELECT number, false AS there FROM ({_nobody()})")

    def _lay_found(self) -> None:
        """Lay who is found for the first time, who vanished, and who of the persons of rows was kept."""
        space = self.namespace
        self._lay(_OTHERS, f"{_some(_CAME)} WHERE NOT there")
        known = self._before(in_namespace(space), _OTHERS)
        self._lay(found_first(space), f"{_some(_OTHERS)} ANTI JOIN ({known}) USING (number)")
        self._lay(_OTHERS, f"{_some(_WENT)} WHERE NOT there")
        self._lay(vanished(space), f"{_some(_OTHERS)} ANTI JOIN ({self._in_other_tables()}) USING (number)")
        rows = f"{_some(_CAME)} UNION {_some(_WENT)}" if self._went_rows() else _some(_CAME)
        if count_of(self.engine, name(found_first(space))):
            rows = f"SELECT number FROM ({rows}) ANTI JOIN ({_some(found_first(space))}) USING (number)"
        if sum(self.basis.receipt.left_out.get(space, {}).values()):
            kept = self.basis.receipt.people(kept_in(space))
            rows = f"SELECT number FROM {kept} SEMI JOIN ({rows}) USING (number)"
        self._see(_STAYED, rows)

    def _judge(self) -> LeftOut:
        """Lay who joined and who left, by putting those alone to the rules then and now to whom they may say something else."""
        space = self.namespace
        self._lay(_MOVED, f"{_some(_MOVED)} UNION {_some(vanished(space))}")
        known = self._before(in_namespace(space), _MOVED)
        then = leave_out(self.engine, self._rules(self.basis.receipt.rules), self.folders, found=known)
        self._lay(_KEPT_THEN, f"SELECT number FROM {TABLE}")
        found = f"SELECT number FROM ({known}) ANTI JOIN ({_some(vanished(space))}) USING (number) UNION ALL {_some(found_first(space))}"
        now = leave_out(self.engine, self._rules(self.plan.opt_outs), self.folders, found=found)
        self._lay(joined(space), f"SELECT number FROM {TABLE} ANTI JOIN ({_some(_KEPT_THEN)}) USING (number)")
        self._lay(left(space), f"{_some(_KEPT_THEN)} ANTI JOIN (SELECT number FROM {TABLE}) USING (number)")
        before = self.basis.receipt.left_out.get(space, {})
        return {rule: before.get(rule, 0) - then.get(rule, 0) + count for rule, count in now.items()}

    def _moved(self) -> Iterator[str]:
        """Give SELECTs of persons to whom a list may say something else than before."""
        then, ours = (
            {(one.list, one.effect): one for one in self._rules(of)}
            for of in (self.basis.receipt.rules, self.plan.opt_outs)
        )
        for key in sorted({*then, *ours}):
            before, now = then.get(key), ours.get(key)
            if before and now:
                if before != now:
                    yield f"({moved_on_list(self.engine, before, now, self.folders)})"
            elif only := before or now:
                yield f"({on_list(self.engine, only, self.folders)})"

    def _in_other_tables(self) -> str:
        """Return a SELECT of those whom one table has no longer and some table has."""
        lists = [f"SELECT number FROM ({people_of_table(one, self.folders)})" for one in self._tables()]
        return " UNION ALL ".join(f"{one} SEMI JOIN ({_some(_OTHERS)}) USING (number)" for one in lists)

    def _before(self, roster: str, among: str) -> str:
        """Return a SELECT of those of a laid table who were on a list of the receipt before."""
        return f"SELECT number FROM {self.basis.receipt.people(roster)} SEMI JOIN ({_some(among)}) USING (number)"

    def _tables(self) -> list[PlannedTable]:
        return [one for one in self.plan.tables if one.namespace == self.namespace and one.table.has_person]

    def _went_rows(self) -> int:
        return sum(self.basis.changes[one.name].went_rows for one in self._tables())

    def _rules(self, rules: Iterable[OptOutRule]) -> list[OptOutRule]:
        return [one for one in rules if one.namespace == self.namespace]

    def _see(self, view: str, select: str) -> None:
        """Name a SELECT that is read once or twice, of more persons than is worth copying."""
        self.engine.execute(f"CREATE OR REPLACE TEMP VIEW {name(view)} AS {select}")

    def _lay(self, table: str, select: str) -> None:
        self.engine.execute(f"CREATE OR REPLACE TEMP TABLE {name(table)} AS {select}")


def _some(table: str) -> str:
    return f"SELECT number FROM {name(table)}"


def _nobody() -> str:
    return "SELECT 0::BIGINT AS number WHERE false"
