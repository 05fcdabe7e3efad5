"""Owns the bridges between rooms: each fills a Protocol of one room with the services of another. Must never decide or record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from output_checking.ports import ProjectBrief
from output_checking.service.counting import release_counts, releases_of
from tre.data import service as data
from tre.kernel.ids import PRACTICE
from tre.people import service as people
from tre.people.ports import OpenWorkspace
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects import service as projects
from tre.projects.ports import ApprovedData, AssessmentCard, Dataset, SnapshotCard, WorkspaceCard
from tre.register.ports import Release
from tre.sessions import service as sessions
from tre.sessions.ports import ReadySnapshot, Twin


class Catalogue:
    """The datasets, for applications."""

    def datasets(self, unit: Unit) -> Sequence[Dataset]:
        """Return what can be asked for."""
        return data.datasets(unit)


class SnapshotOrders:
    """The broker's queue, for approvals."""

    def order(self, unit: Unit, approved: ApprovedData) -> None:
        """Order a snapshot in the approval's transaction."""
        data.order(unit, approved)

    def order_removal(self, unit: Unit, project_id: str) -> None:
        """Order the removal of a project's snapshots in the transaction of its closing."""
        data.order_removal(unit, project_id)

    def card(self, unit: Unit, project_id: str) -> SnapshotCard:
        """Return the snapshot's state."""
        return data.card(unit, project_id)

    def order_assessment(self, unit: Unit, asked: ApprovedData) -> None:
        """Order the report on an application in its own transaction."""
        data.order_assessment(unit, asked)

    def assessment(self, unit: Unit, project_id: str) -> AssessmentCard:
        """Return the newest report on an application."""
        return data.assessment(unit, project_id)


class Snapshots:
    """The snapshot, or the synthetic twin, that a workspace gets."""

    def twins(self, unit: Unit) -> Sequence[Twin]:
        """Return the newest twin of each dataset that has one."""
        return [
            Twin(dataset_id=one.dataset_id, title=one.title, number=one.number, folder=one.folder)
            for one in data.ready_twins(unit)
        ]

    def of(self, unit: Unit, project_id: str) -> ReadySnapshot:
        """Return the newest that is ready, else the state of the newest."""
        state = data.snapshot_state(unit.session, project_id)
        ready = data.mountable(unit, project_id)
        if ready is None:
            return ReadySnapshot(state=state)
        return ReadySnapshot(state=state, version=str(ready.version), folder=ready.folder)


@dataclass(frozen=True, kw_only=True)
class LiveWorkspaces:
    """Running workspaces, for the project's page and its suspension."""

    desk: sessions.SessionsDesk

    def stop_all(self, unit: Unit, project_id: str, why: str) -> None:
        """End every session of a project."""
        sessions.stop_workspaces_of(unit, self.desk, project_id, why)

    def card(self, unit: Unit, project_id: str) -> WorkspaceCard:
        """Return the actor's own workspace."""
        return sessions.card(unit, self.desk, project_id)


@dataclass(frozen=True, kw_only=True)
class LeavingWorkspaces:
    """Running workspaces of whoever signs out or is stopped."""

    desk: sessions.SessionsDesk

    def open_now(self, ctx: Context) -> Sequence[OpenWorkspace]:
        """Return the actor's open workspaces with their projects' titles."""
        mine = sessions.open_workspaces(ctx)
        with ctx.sessions() as session:  # signing out must work even while the policy server does not
            titles = {one.project_id: _title(session, one.project_id) for one in mine}
        return [
            OpenWorkspace(project_id=one.project_id, title=title, opened_at=one.opened_at)
            for one in mine
            if (title := titles[one.project_id])
        ]

    def stop_all(self, ctx: Context) -> None:
        """Stop all of them."""
        sessions.leave_workspaces(ctx, self.desk)

    def stop_of_person(self, unit: Unit, person_id: str, why: str) -> None:
        """Stop all of a person whose access is stopped."""
        sessions.stop_workspaces_of_person(unit, self.desk, person_id, why)

    def shut_out(self, unit: Unit, persons: Collection[str]) -> None:
        """Tell the hub who all are shut out."""
        sessions.shut_out(unit, self.desk, persons)


class Projects:
    """Projects, for output checking."""

    def brief(self, unit: Unit, project_id: str) -> ProjectBrief:
        """Return what output checking knows of a project; raise `NotFound`."""
        about = projects.summary_of(unit, project_id)
        return ProjectBrief(
            project_id=about.project_id,
            title=about.title,
            state=about.state,
            members=about.members,
            release_right=about.release_right,
            organisations=(about.organisation,) if about.organisation else (),
        )

    def titles(self, unit: Unit, project_ids: Collection[str]) -> Mapping[str, str]:
        """Return titles by project id."""
        found = projects.summaries_of(unit, frozenset(project_ids))
        return {project_id: about.title for project_id, about in found.items()}


class People:
    """Persons' names, for output checking."""

    def names_of(self, unit: Unit, ids: Collection[str]) -> Mapping[str, str]:
        """Return names by person id."""
        return people.names_of(unit, ids)


class Figures:
    """What was released, for the public register."""

    def releases(self, unit: Unit, project_id: str = "") -> Sequence[Release]:
        """Return the releases that stand, of one project or of all, oldest first."""
        wanted = [project_id] if project_id else sorted(release_counts(unit))
        return [
            Release(project_id=one, at=found.released_at, files=found.files)
            for one in wanted
            for found in reversed(releases_of(unit, one))
        ]


def _title(session: Session, project_id: str) -> str:
    """Return the title of a workspace's project, as it is asked for without a decision; empty where there is none."""
    if project_id == PRACTICE:
        return sessions.PRACTICE_TITLE
    about = projects.public_project(session, project_id)
    return about.title if about is not None else ""
