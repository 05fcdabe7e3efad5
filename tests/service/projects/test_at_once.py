"""Several people in the same moment, on both databases: nothing is counted twice, nothing is lost."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from tests.factories.applications import yes
from tests.fakes.hub import HubFake
from tests.fakes.projects_ports import SnapshotsFake
from tests.fixtures.projects import As, ProjectAt
from tre.kernel.errors import Conflict
from tre.projects import service as projects
from tre.projects.service import ProjectsDesk
from tre.sessions import service as workspaces
from tre.sessions.service import SessionsDesk


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do all acts from one starting line; return what each gave, or the conflict it met."""
    line = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        line.wait()
        try:
            return act()
        except Conflict as conflict:
            return conflict

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_the_last_two_decisions_in_one_moment_approve_once(
    project_at: ProjectAt, as_person: As, desk: ProjectsDesk, snapshots: SnapshotsFake
) -> None:
    project = project_at("submitted")
    project = projects.decide_project(
        as_person("gwen"), desk, project.project_id, typed=yes("custodian"), version=project.version
    )
    people = {"farah": "admin", "hugo": "lay_reviewer"}
    contexts = {person: as_person(person) for person in people}

    def decide(person: str, version: int) -> object:
        return projects.decide_project(
            contexts[person], desk, project.project_id, typed=yes(people[person]), version=version
        )

    given = at_once([lambda one=person: decide(one, project.version) for person in people])  # type: ignore[misc]
    late = [person for person, answer in zip(people, given, strict=True) if isinstance(answer, Conflict)]
    assert len(late) == 1, "the second has not seen the first one's decision"
    assert snapshots.orders == []
    decide(late[0], project.version + 1)
    assert len(snapshots.orders) == 1


def test_applications_begun_in_one_moment_have_numbers_of_their_own(as_person: As) -> None:
    ctx = as_person("amina")
    made = at_once([lambda: projects.draft_project(ctx).number] * 8)
    assert sorted(made) == list(range(1, 9))  # type: ignore[type-var]


def test_two_tabs_open_one_workspace(
    project_at: ProjectAt, as_person: As, sessions_desk: SessionsDesk, hub: HubFake
) -> None:
    project = project_at("approved")
    amina = as_person("amina")
    opened = at_once([lambda: workspaces.open_workspace(amina, sessions_desk, project.project_id)] * 4)
    assert len({one.session_id for one in opened if not isinstance(one, Conflict)}) == 1  # type: ignore[attr-defined]
    assert len(hub.plans) == 1
    assert len(workspaces.open_workspaces(amina)) == 1
