"""Owns the way between rows and the project as a value. Must never decide or record."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.kernel.errors import Conflict, NotFound
from tre.projects.domain.project import Answers, Made, Member, Project, Wanted
from tre.projects.tables import ProjectDataRow, ProjectMemberRow, ProjectRow

ANSWER_FIELDS = tuple(Answers.__dataclass_fields__)


def row_of(session: Session, project_id: str) -> ProjectRow:
    """Return the row for reading; raise `NotFound`."""
    return _found(session.get(ProjectRow, project_id), project_id)


def locked_row(session: Session, project_id: str, *, version: int | None = None) -> ProjectRow:
    """Return the row, locked until the transaction ends.

    Args:
        version: the version that the form was made from; None where there was no form.

    Raises:
        NotFound: there is no such project.
        Conflict: it was changed since.
    """
    wanted = select(ProjectRow).where(ProjectRow.id == project_id).with_for_update()
    row = _found(session.scalars(wanted).one_or_none(), project_id)
    if version is not None and version != row.version:
        raise Conflict(
            "Somebody changed this project since you opened the page. Open it again, look at what changed, then repeat.",
            code="projects.project.stale",
        )
    return row


def value_of(row: ProjectRow) -> Project:
    """Return the row as a value."""
    return Project(
        project_id=row.id,
        number=row.number,
        state=row.state,
        version=row.version,
        lead_id=row.lead_id,
        answers=Answers(**{name: getattr(row, name) for name in ANSWER_FIELDS}),
        members=tuple(Member(person_id=one.person_id, may_download=one.may_download) for one in row.members),
        wanted=tuple(_wanted(one) for one in row.wanted),
        decisions=tuple(
            Made(role=one.role, person_id=one.person_id, is_yes=one.is_yes, reason=one.reason, at=one.at)
            for one in row.decisions
        ),
        drafted_at=row.drafted_at,
        submitted_at=row.submitted_at,
        approved_at=row.approved_at,
        state_since=row.state_since,
        state_reason=row.state_reason,
    )


def write_answers(row: ProjectRow, answers: dict[str, Any]) -> None:
    """Put answers into the row."""
    for name, value in answers.items():
        if name not in ANSWER_FIELDS:
            raise KeyError(name)
        setattr(row, name, value)
    row.version += 1


def write_members(row: ProjectRow, members: Iterable[Member]) -> None:
    """Make the row's members exactly these."""
    wanted = {one.person_id: one.may_download for one in members}
    row.members = [one for one in row.members if one.person_id in wanted]
    for one in row.members:
        one.may_download = wanted.pop(one.person_id)
    row.members += [ProjectMemberRow(person_id=person, may_download=right) for person, right in wanted.items()]
    row.version += 1


def write_wanted(row: ProjectRow, wanted: Iterable[Wanted]) -> None:
    """Make the data asked for exactly this."""
    kept = {(one.dataset_id, one.table_name): one for one in row.wanted}
    row.wanted = [_data_row(one, kept.get((one.dataset_id, one.table))) for one in wanted]
    row.version += 1


def _data_row(wanted: Wanted, row: ProjectDataRow | None) -> ProjectDataRow:
    row = row or ProjectDataRow(dataset_id=wanted.dataset_id, table_name=wanted.table)
    row.columns, row.why, row.custodian_id = list(wanted.columns), wanted.why, wanted.custodian_id
    row.rows, row.first_day, row.last_day = wanted.rows, wanted.first_day, wanted.last_day
    return row


def _wanted(row: ProjectDataRow) -> Wanted:
    return Wanted(
        dataset_id=row.dataset_id,
        table=row.table_name,
        columns=tuple(row.columns),
        why=row.why,
        custodian_id=row.custodian_id,
        rows=row.rows,
        first_day=row.first_day,
        last_day=row.last_day,
    )


def _found(row: ProjectRow | None, project_id: str) -> ProjectRow:
    if row is None:
        raise NotFound(f"There is no project {project_id}.", code="projects.project.not_found")
    return row
