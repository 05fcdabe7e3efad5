"""Owns the sign-offs of a loaded version: the loader's, then another person's; or a refusal. Must never see a row of data.

A version is in use only once two different persons have signed it; the one before is then superseded, and kept.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.data import facts
from tre.data.domain.states import VERSION
from tre.data.service.twins import order_twin_in
from tre.data.tables import DatasetRow, DatasetVersionRow, SignOffRow
from tre.kernel.authz import Action
from tre.kernel.errors import Invalid, NotFound
from tre.kernel.facts import VersionFacts
from tre.plumbing.unit_of_work import Context, Unit

SIGNED, ACCEPTED, REFUSED = "signed", "accepted", "refused"
LONGEST_REASON = 2000


def sign_version(ctx: Context, dataset: str, version: str) -> str:
    """Give the first sign-off, as the person who loaded the version; return its state.

    Raises:
        NotFound: there is no such version.
        NotPermitted: the actor did not load it, or has signed it.
        IllegalMove: it does not wait for the first sign-off.
    """
    with ctx.begin() as unit:
        row = locked(unit, dataset, version)
        unit.check(Action.DATA_VERSION_SIGN, facts_of(unit.session, row))
        row.state = VERSION.after(row.state, "sign")
        _give(unit, row, SIGNED)
        unit.record("data.version.signed", subject=dataset, detail={"version": version})
        return row.state


def accept_version(ctx: Context, dataset: str, version: str) -> str:
    """Give the second sign-off: the version is in use from now on, and the one before is superseded; return its state.

    Raises:
        NotFound: there is no such version.
        NotPermitted: the actor loaded or signed it, or is neither custodian nor admin.
        IllegalMove: it does not wait for the second sign-off.
    """
    with ctx.begin() as unit:
        row = locked(unit, dataset, version)
        unit.check(Action.DATA_VERSION_ACCEPT, facts_of(unit.session, row))
        row.state = VERSION.after(row.state, "accept")
        _give(unit, row, ACCEPTED)
        before = _take_its_place(unit, row)
        order_twin_in(unit, dataset)
        unit.record("data.version.accepted", subject=dataset, detail={"version": version, "before": before})
        return row.state


def refuse_version(ctx: Context, dataset: str, version: str, reason: str) -> str:
    """Refuse a version that waits for a sign-off; the one in use stays in use; return its state.

    Raises:
        NotFound: there is no such version.
        NotPermitted: the actor is neither custodian nor admin.
        Invalid: no reason is given.
        IllegalMove: it does not wait for a sign-off.
    """
    why = reason.strip()
    with ctx.begin() as unit:
        row = locked(unit, dataset, version)
        unit.check(Action.DATA_VERSION_REFUSE, facts_of(unit.session, row))
        if not why or len(why) > LONGEST_REASON:
            sentence = f"Say in up to {LONGEST_REASON:,} characters why this version must not be used."
            raise Invalid({"reason": sentence}, code="data.version.reason_needed")
        row.state = VERSION.after(row.state, "refuse")
        _give(unit, row, REFUSED, reason=why)
        unit.record("data.version.turned_down", subject=dataset, detail={"version": version, "reason": why})
        return row.state


def sign_offs(session: Session, row: DatasetVersionRow) -> Sequence[SignOffRow]:
    """Return the words given on this load of a version, oldest first."""
    wanted = select(SignOffRow).where(
        SignOffRow.dataset_id == row.dataset_id, SignOffRow.version == row.version, SignOffRow.round == row.round
    )
    return session.scalars(wanted.order_by(SignOffRow.id)).all()


def signed_by(session: Session, row: DatasetVersionRow) -> tuple[str, ...]:
    """Return the person ids of those who have given their word on this load."""
    return tuple(one.person_id for one in sign_offs(session, row))


def facts_of(session: Session, row: DatasetVersionRow) -> VersionFacts:
    """Return the facts about a loaded version, from its rows."""
    return facts.about_version(
        row.dataset_id,
        custodian_id=row.about["custodian_id"],
        loaded_by=row.loaded_by,
        signed_by=signed_by(session, row),
        state=row.state,
    )


def locked(unit: Unit, dataset: str, version: str) -> DatasetVersionRow:
    """Return the version's row, the dataset's row locked first; raise `NotFound` where there is none."""
    unit.session.get(DatasetRow, dataset, with_for_update=True)
    row = unit.session.get(DatasetVersionRow, (dataset, version), with_for_update=True)
    if row is None:
        raise NotFound(
            "There is no such version of a dataset. Look at the list of loads.", code="data.version.not_found"
        )
    return row


def _give(unit: Unit, row: DatasetVersionRow, verdict: str, *, reason: str = "") -> None:
    """Keep the word; whoever refuses after signing takes the signature back."""
    given = {one.person_id: one for one in sign_offs(unit.session, row)}
    mine = given.get(unit.actor.person_id)
    if mine is None:
        mine = SignOffRow(
            dataset_id=row.dataset_id, version=row.version, round=row.round, person_id=unit.actor.person_id
        )
        unit.session.add(mine)
    mine.verdict, mine.reason, mine.given_at = verdict, reason, unit.now


def _take_its_place(unit: Unit, row: DatasetVersionRow) -> str:
    """Put the version in use in the dataset's row; return the hash of the one before, empty where there was none."""
    dataset = unit.session.get_one(DatasetRow, row.dataset_id)
    before = unit.session.get(DatasetVersionRow, (row.dataset_id, dataset.current_version))
    for field, value in row.about.items():
        setattr(dataset, field, value)
    dataset.current_version = row.version
    if before is None:
        return ""
    before.state = VERSION.after(before.state, "supersede")
    unit.record("data.version.superseded", subject=row.dataset_id, detail={"version": before.version})
    return before.version
