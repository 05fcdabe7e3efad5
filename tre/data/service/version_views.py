"""Owns loaded versions as their pages see them: the list of loads, one version with its quality report and sign-offs.

Must never show a row, nor a count that the report withheld.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.data import facts
from tre.data.contracts import known_contract, known_datasets
from tre.data.domain.states import VERSION
from tre.data.service.jobs import INGEST
from tre.data.service.signing import facts_of, locked, sign_offs
from tre.data.tables import DatasetRow, DatasetVersionRow
from tre.kernel.authz import Action
from tre.kernel.facts import VersionFacts
from tre.people import service as people
from tre.plumbing import jobs
from tre.plumbing.unit_of_work import Context, Unit

MOST_SHOWN = 100
ACTS: Mapping[str, Action] = {
    "sign": Action.DATA_VERSION_SIGN,
    "accept": Action.DATA_VERSION_ACCEPT,
    "refuse": Action.DATA_VERSION_REFUSE,
}
DUE: Mapping[str, str] = {"loaded": "sign", "signed": "accept"}
"""State of a version that waits to the sign-off that is due."""
LOADER = "loader"
"""Whose turn a version is that nobody has signed: told by name."""


@dataclass(frozen=True, kw_only=True)
class VersionCard:
    """One line of the list of loads."""

    dataset_id: str
    title: str
    version: str
    state: str
    turn: str
    loaded_at: datetime
    loaded_by: str
    rows: int
    quarantined: int


@dataclass(frozen=True, kw_only=True)
class LoadJob:
    """The newest order to load a dataset: `state` queued, running, done or failed; `progress` in per cent."""

    dataset_id: str
    title: str
    job_id: str
    state: str
    progress: int
    note: str
    queued_at: datetime


@dataclass(frozen=True, kw_only=True)
class LoadsView:
    """The page of loads: versions, newest first, orders in hand, and the datasets that the actor may order a load of."""

    versions: tuple[VersionCard, ...]
    orders: tuple[LoadJob, ...]
    may_order: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Word:
    """One person's word on a version."""

    name: str
    verdict: str
    reason: str
    given_at: datetime


@dataclass(frozen=True, kw_only=True)
class VersionView:
    """One version for its page.

    Args:
        account: what is not in it: tables whose file is `absent`, columns that a file is without (`lacking`), files that the
            contract has `withheld` (name, rows, why), files that it does not name (`not_read`).
        words: sign-offs and refusals of this load.
        may: names of the acts that exist now and that the actor may do (`sign`, `accept`, `refuse`).
        why_not: what speaks against the act that is due, for whoever may not do it.
    """

    card: VersionCard
    manifest_sha256: str
    sources: Sequence[Mapping[str, Any]]
    counts: Sequence[Mapping[str, Any]]
    quality: Mapping[str, Any]
    account: Mapping[str, Any]
    words: tuple[Word, ...]
    may: frozenset[str]
    why_not: tuple[str, ...]


def list_versions(ctx: Context) -> LoadsView:
    """Return every loaded version, newest first, and the orders in hand.

    Raises:
        NotPermitted: the actor is neither custodian nor admin.
    """
    with ctx.begin() as unit:
        unit.check(Action.DATA_VERSION_VIEW, VersionFacts())
        newest = select(DatasetVersionRow).order_by(DatasetVersionRow.loaded_at.desc()).limit(MOST_SHOWN)
        rows = unit.session.scalars(newest).all()
        unit.record("data.version.listed", detail={"versions": len(rows)})
        return LoadsView(
            versions=tuple(_card(unit.session, row) for row in rows),
            orders=tuple(_orders(unit.session)),
            may_order=tuple(_may_order(unit)),
        )


def list_loads(ctx: Context) -> tuple[LoadJob, ...]:
    """Return the newest order to load each dataset, for a page that asks again every few seconds.

    Raises:
        NotPermitted: the actor is neither custodian nor admin.
    """
    with ctx.look() as unit:
        unit.check(Action.DATA_VERSION_VIEW, VersionFacts())
        return tuple(_orders(unit.session))


def sign_offs_due(ctx: Context) -> int:
    """Return how many loaded versions wait for a sign-off that the actor may give.

    Raises:
        NotPermitted: the actor is neither custodian nor admin.
    """
    with ctx.look() as unit:
        unit.check(Action.DATA_VERSION_VIEW, VersionFacts())
        rows = unit.session.scalars(select(DatasetVersionRow).where(DatasetVersionRow.state.in_(DUE))).all()
        questions = {(row.dataset_id, row.version): (ACTS[DUE[row.state]], facts_of(unit.session, row)) for row in rows}
        return sum(not why for why in unit.why_not_each(questions).values())


def view_version(ctx: Context, dataset: str, version: str) -> VersionView:
    """Return one version with its quality report.

    Raises:
        NotFound: there is no such version.
        NotPermitted: the actor is neither custodian nor admin.
    """
    with ctx.begin() as unit:
        row = locked(unit, dataset, version)
        given = sign_offs(unit.session, row)
        about = facts_of(unit.session, row)
        unit.check(Action.DATA_VERSION_VIEW, about)
        unit.record("data.version.viewed", subject=dataset, detail={"version": version})
        names = people.names_in(unit.session, [one.person_id for one in given])
        may, why_not = _acts(unit, about)
        return VersionView(
            card=_card(unit.session, row),
            manifest_sha256=row.manifest_sha256,
            sources=row.sources,
            counts=row.counts,
            quality=row.quality,
            account=row.account,
            words=tuple(
                Word(name=names[one.person_id], verdict=one.verdict, reason=one.reason, given_at=one.given_at)
                for one in given
            ),
            may=may,
            why_not=why_not,
        )


def _acts(unit: Unit, about: VersionFacts) -> tuple[frozenset[str], tuple[str, ...]]:
    existing = [act for act in ACTS if VERSION.may_move(about.state, act)]
    against = unit.why_not_each({act: (ACTS[act], about) for act in existing})
    due = next((act for act in ("sign", "accept") if act in existing), "")
    return frozenset(act for act, why in against.items() if not why), against.get(due, ())


def _card(session: Session, row: DatasetVersionRow) -> VersionCard:
    title = session.get_one(DatasetRow, row.dataset_id).title
    loaded_by = people.names_in(session, [row.loaded_by])[row.loaded_by]
    turn = VERSION.turn[row.state]
    return VersionCard(
        dataset_id=row.dataset_id,
        title=title,
        version=row.version,
        state=row.state,
        turn=f"{loaded_by}, who loaded it" if turn == LOADER else turn,
        loaded_at=row.loaded_at,
        loaded_by=loaded_by,
        rows=sum(one["rows"] for one in row.counts),
        quarantined=sum(sum(one["quarantined"].values()) for one in row.counts),
    )


def _orders(session: Session) -> list[LoadJob]:
    newest = [jobs.latest(session, INGEST, subject=name) for name in known_datasets()]
    return [
        LoadJob(
            dataset_id=job.subject,
            title=known_contract(job.subject).title,
            job_id=job.id,
            state=job.state,
            progress=job.progress,
            note=job.note,
            queued_at=job.queued_at,
        )
        for job in newest
        if job is not None
    ]


def _may_order(unit: Unit) -> Iterator[Mapping[str, str]]:
    """Yield the datasets that the actor may order a load of, as the choices of a form."""
    contracts = [known_contract(name) for name in known_datasets()]
    against = unit.why_not_each(
        {one.dataset: (Action.DATA_DATASET_LOAD, facts.about_contract(one)) for one in contracts}
    )
    for contract in contracts:
        if not against[contract.dataset]:
            yield {"value": contract.dataset, "text": contract.title}
