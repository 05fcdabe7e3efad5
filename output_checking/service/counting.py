"""Figures of releases for the public register and the project's page. Must never tell what was released, only that it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from output_checking.domain.states import State
from output_checking.tables import ReleaseRow, RequestRow
from tre.plumbing.db import read_only
from tre.plumbing.unit_of_work import Context, Unit

# of a request that was blocked after release and handed in anew, the last release alone stands
_STANDS = (RequestRow.id == ReleaseRow.request_id) & (RequestRow.round == ReleaseRow.round)


@dataclass(frozen=True, kw_only=True)
class Released:
    """One release: when, and how many files."""

    release_id: str
    request_id: str
    released_at: datetime
    files: int


def release_counts(unit: Unit) -> Mapping[str, int]:
    """Return project id to number of releases that stand; a blocked one does not."""
    counted = select(ReleaseRow.project_id, func.count()).join(RequestRow, _STANDS)
    standing = counted.where(RequestRow.state == State.RELEASED).group_by(ReleaseRow.project_id)
    return {project_id: count for project_id, count in unit.session.execute(standing)}


def blocked_requests(ctx: Context) -> int:
    """Return how many release requests are blocked by an altered file, for the health page: everybody may know that."""
    with ctx.sessions() as session:
        blocked = select(func.count()).where(RequestRow.state == State.BLOCKED)
        return read_only(session).scalar(blocked) or 0


def releases_of(unit: Unit, project_id: str) -> tuple[Released, ...]:
    """Return a project's releases that stand, newest first."""
    found = select(ReleaseRow).join(RequestRow, _STANDS)
    standing = found.where(ReleaseRow.project_id == project_id, RequestRow.state == State.RELEASED)
    return tuple(
        Released(release_id=row.id, request_id=row.request_id, released_at=row.released_at, files=row.files)
        for row in unit.session.scalars(standing.order_by(ReleaseRow.released_at.desc()))
    )
