"""Owns how projects become entries of the register. Public: nothing is asked of the policy, and nothing is written.

Must never pass on a name, a reviewer's words, or anything that `PublicProject` has no field for.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from tre.data import service as data
from tre.kernel.errors import NotFound
from tre.kernel.machine import words
from tre.plumbing.db import read_only
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects import service as projects
from tre.projects.domain import choices
from tre.projects.domain.project import Project, Wanted
from tre.projects.ports import Dataset, SnapshotCard
from tre.register.domain.entry import PublicProject, PublicStep, PublicTable
from tre.register.ports import Release
from tre.register.service.desk import RegisterDesk
from tre.sessions import service as sessions


@dataclass(frozen=True, kw_only=True)
class _About:
    """What other rooms know of one project."""

    snapshot: SnapshotCard
    used: tuple[datetime, ...]
    releases: tuple[Release, ...]


def list_entries(ctx: Context, desk: RegisterDesk) -> tuple[PublicProject, ...]:
    """Return every project that was decided on, newest application first."""
    with _reading(ctx) as unit:
        known = {one.dataset_id: one for one in data.datasets(unit)}
        used, released = sessions.use_of_all(unit.session), _by_project(desk.figures.releases(unit))
        return tuple(
            _entry(one, known, _about(unit, one, used=used.get(one.project_id, ()), released=released))
            for one in projects.public_projects(unit.session)
        )


def view_entry(ctx: Context, desk: RegisterDesk, project_id: str) -> PublicProject:
    """Return one project; raise `NotFound` where there is none or it was not decided on yet."""
    with _reading(ctx) as unit:
        project = projects.public_project(unit.session, project_id)
        if project is None:
            raise NotFound("The register has no such project.", code="register.project.not_found")
        known = {one.dataset_id: one for one in data.datasets(unit)}
        released = _by_project(desk.figures.releases(unit, project_id))
        used = sessions.use_of_project(unit.session, project_id)
        return _entry(project, known, _about(unit, project, used=used, released=released))


@contextmanager
def _reading(ctx: Context) -> Iterator[Unit]:
    """Open the records for reading: there is no actor to ask the policy about, and nothing may be written."""
    with ctx.sessions() as session:
        yield Unit(session=read_only(session), actor=ctx.actor, gate=ctx.gate, now=ctx.clock.now(), config=ctx.config)
        session.rollback()


def _about(
    unit: Unit, project: Project, *, used: tuple[datetime, ...], released: Mapping[str, tuple[Release, ...]]
) -> _About:
    return _About(
        snapshot=data.card(unit, project.project_id), used=used, releases=released.get(project.project_id, ())
    )


def _entry(project: Project, known: Mapping[str, Dataset], about: _About) -> PublicProject:
    answers, ready = project.answers, about.snapshot.state == "ready"
    return PublicProject(
        project_id=project.project_id,
        title=project.title,
        organisation=answers.organisation,
        state=project.state,
        state_since=project.state_since.date(),
        lay_summary=answers.lay_summary,
        purpose=choices.PURPOSES.get(answers.purpose, answers.purpose),
        purpose_detail=answers.purpose_detail,
        public_benefit=answers.public_benefit,
        article_6=choices.ARTICLE_6.get(answers.article_6, ""),
        article_9=choices.ARTICLE_9.get(answers.article_9, ""),
        common_law=choices.COMMON_LAW.get(answers.common_law, ""),
        publication=answers.publication,
        applied_on=_day(project.submitted_at),
        approved_on=_day(project.approved_at),
        ends_on=answers.ends_on,
        members=len(project.members),
        tables=tuple(_table(one, known) for one in project.wanted),
        refused_by=_refused_by(project),
        data_ready_on=_day(about.snapshot.built_at) if ready else None,
        data_version=about.snapshot.version if ready else "",
        left_out=about.snapshot.left_out if ready else (),
        sessions=tuple(at.date() for at in about.used),
        releases=tuple((one.at.date(), one.files) for one in about.releases),
        history=tuple(sorted(_history(project, about), key=lambda step: step.on)),
    )


def _table(wanted: Wanted, known: Mapping[str, Dataset]) -> PublicTable:
    dataset = known.get(wanted.dataset_id)
    tables = {one.name: one for one in dataset.tables} if dataset else {}
    table = tables.get(wanted.table)
    meanings = {one.name: one.meaning for one in table.columns} if table else {}
    return PublicTable(
        dataset_id=wanted.dataset_id,
        dataset=dataset.title if dataset else wanted.dataset_id,
        table=wanted.table,
        columns=tuple((name, meanings.get(name, "")) for name in wanted.columns),
        why=wanted.why,
    )


def _refused_by(project: Project) -> tuple[str, ...]:
    return tuple(words(one.role) for one in project.decisions if not one.is_yes)


def _history(project: Project, about: _About) -> Iterator[PublicStep]:
    if project.submitted_at:
        yield _step(project.submitted_at, "The application was sent")
    for one in project.decisions:
        yield _step(one.at, f"The {words(one.role)} said {'yes' if one.is_yes else 'no'}")
    if project.approved_at:
        yield _step(project.approved_at, "Approved")
    if about.snapshot.state == "ready" and about.snapshot.built_at:
        yield _step(about.snapshot.built_at, "The data was made ready")
    if about.used:
        yield _step(about.used[0], "First used")
    for release in about.releases:
        yield _step(release.at, f"Results were released: {release.files} file{'' if release.files == 1 else 's'}")
    if project.state in {"suspended", "closed", "refused"}:
        yield _step(project.state_since, words(project.state).capitalize())


def _by_project(releases: Sequence[Release]) -> dict[str, tuple[Release, ...]]:
    found: dict[str, list[Release]] = {}
    for one in releases:
        found.setdefault(one.project_id, []).append(one)
    return {project_id: tuple(all_of_it) for project_id, all_of_it in found.items()}


def _step(at: datetime, text: str) -> PublicStep:
    return PublicStep(on=at.date(), text=text)


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None
