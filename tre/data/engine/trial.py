"""Owns the trial of a snapshot: what an application asks for, measured in the store before anybody decides. Writes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tre.data.domain.linkage import ALL, PairFigures
from tre.data.domain.risk import RiskFigures
from tre.data.domain.snapshot_plan import SnapshotPlan
from tre.data.engine.candidates import TABLE, lay_candidates, told_of
from tre.data.engine.duck import Connection, literal, open_engine
from tre.data.engine.folders import Folders
from tre.data.engine.knowing import Registers
from tre.data.engine.linking import measure_linkage
from tre.data.engine.risk import PEOPLE, asked_for, measure_risk
from tre.data.engine.scanning import scanned_copies

Progress = Callable[[float, str], None]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What was measured: risk by table, linkage by pair of datasets, persons left out by rule, what a scan of free text found.

    Small counts are withheld in the last two.
    """

    risk: tuple[RiskFigures, ...]
    linkage: tuple[PairFigures, ...]
    removed: tuple[dict[str, Any], ...]
    free_text: tuple[dict[str, Any], ...] = ()


def try_snapshot(
    plan: SnapshotPlan, *, folders: Folders, progress: Progress, registers: Registers | None = None
) -> Trial:
    """Measure the snapshot that `plan` would make; needs no key, because persons are counted and never named.

    Args:
        registers: by which the scan of free text knows the persons; needed where the plan has free text.

    Raises:
        Unavailable: the file of a list is not in the store, or there is free text and no register to scan it by.
    """
    linkage: list[PairFigures] = []
    removed: list[dict[str, Any]] = []
    with open_engine(folders.scratch) as engine:
        engine.execute(f"CREATE TEMP TABLE {PEOPLE} (namespace VARCHAR, number BIGINT, shift_days INTEGER)")
        for namespace in sorted({one.namespace for one in plan.tables}):
            progress(0.1, "finding who opted out, and who is in several datasets")
            left_out = lay_candidates(engine, replace(plan, linkage=ALL), namespace, folders)
            linkage += measure_linkage(engine, plan, namespace, folders=folders)
            removed += told_of(left_out if plan.linkage == ALL else lay_candidates(engine, plan, namespace, folders))
            engine.execute(f"INSERT INTO {PEOPLE} SELECT {literal(namespace)}, number, 0 FROM {TABLE}")
        _keep_cohort(engine, plan, folders)
        progress(0.5, "measuring how well people are hidden in a crowd")
        risk = measure_risk(engine, plan, folders=folders)
        progress(0.8, "scanning free text")
        with scanned_copies(engine, plan, folders=folders, registers=registers, kept=_kept) as scans:
            texts = [one | {"table": table} for table, found in scans.found.items() for one in found]
    return Trial(risk=risk, linkage=tuple(linkage), removed=tuple(removed), free_text=tuple(texts))


def _kept(namespace: str) -> str:
    return f"SELECT number FROM {PEOPLE} WHERE namespace = {literal(namespace)}"


def _keep_cohort(engine: Connection, plan: SnapshotPlan, folders: Folders) -> None:
    """Leave in `people` those whom the plan chose by a table with one row a person, as the build does."""
    for planned in plan.tables:
        if planned.chooses_persons:
            passing = f"SELECT s.person {asked_for(plan, planned, folders)}"
            space = literal(planned.namespace)
            engine.execute(f"DELETE FROM {PEOPLE} WHERE namespace = {space} AND number NOT IN ({passing})")
