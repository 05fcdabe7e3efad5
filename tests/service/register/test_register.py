"""The register tells what was decided, in every state, to everybody, and writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.events import event_names
from tests.fixtures.context import MakeContext
from tests.fixtures.projects import As, ProjectAt
from tre.kernel.errors import NotFound
from tre.plumbing.unit_of_work import Unit
from tre.register import service as register
from tre.register.ports import Release
from tre.sessions import service as workspaces
from tre.sessions.service import SessionsDesk


@dataclass
class Released:
    """Releases that the test puts in."""

    all: list[Release] = field(default_factory=list)

    def releases(self, unit: Unit, project_id: str = "") -> Sequence[Release]:
        return [one for one in self.all if project_id in {"", one.project_id}]


@pytest.fixture
def released() -> Released:
    return Released()


@pytest.fixture
def register_desk(released: Released) -> register.RegisterDesk:
    return register.RegisterDesk(figures=released)


def test_what_was_decided_on_is_shown_and_nothing_else(
    project_at: ProjectAt, as_person: As, register_desk: register.RegisterDesk
) -> None:
    made = {state: project_at(state).project_id for state in ("draft", "complete", "submitted")}
    shown = {state: project_at(state).project_id for state in ("approved", "suspended", "refused", "closed")}
    entries = {one.project_id: one for one in register.list_entries(as_person("amina"), register_desk)}
    assert {project_id: one.state for project_id, one in entries.items()} == {
        project_id: state for state, project_id in shown.items()
    }
    for project_id in made.values():
        with pytest.raises(NotFound):
            register.view_entry(as_person("amina"), register_desk, project_id)


def test_an_entry_says_who_what_for_and_why_without_a_name_or_a_reviewers_words(
    project_at: ProjectAt, as_person: As, register_desk: register.RegisterDesk
) -> None:
    entry = register.view_entry(as_person("amina"), register_desk, project_at("refused").project_id)
    assert (entry.organisation, entry.members) == ("University of Somewhere", 2)
    assert entry.purpose == "Research into the causes, diagnosis or treatment of disease"
    assert entry.refused_by == ("lay reviewer",)
    assert [one.text for one in entry.history] == ["The application was sent", "The lay reviewer said no", "Refused"]
    told = register.as_json([entry])
    for private in ('"amina"', "Amina", "hugo", "Hugo", "gwen", "Gwen", "Fits, says"):
        assert private not in told


def test_use_and_releases_are_counted(
    project_at: ProjectAt,
    as_person: As,
    register_desk: register.RegisterDesk,
    released: Released,
    sessions_desk: SessionsDesk,
) -> None:
    project, amina = project_at("approved"), as_person("amina")
    workspaces.open_workspace(amina, sessions_desk, project.project_id)
    assert register.view_entry(amina, register_desk, project.project_id).sessions == ()
    workspaces.look_at_workspace(amina, sessions_desk, project.project_id)
    released.all.append(Release(project_id=project.project_id, at=amina.clock.now(), files=2))
    (entry,) = register.list_entries(amina, register_desk)
    assert (len(entry.sessions), entry.files_released) == (1, 2)
    assert [one.text for one in entry.history][-2:] == ["First used", "Results were released: 2 files"]
    assert entry == register.view_entry(amina, register_desk, project.project_id)


def test_looking_writes_nothing(
    project_at: ProjectAt,
    context_of: MakeContext,
    register_desk: register.RegisterDesk,
    sessions: sessionmaker[Session],
) -> None:
    project, nobody = project_at("approved"), context_of("")
    before = event_names(sessions)
    assert register.list_entries(nobody, register_desk) == (
        register.view_entry(nobody, register_desk, project.project_id),
    )
    assert event_names(sessions) == before
