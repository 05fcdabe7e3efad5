"""What the hub measured is told on the pages, stops what goes on growing, and keeps a full workspace from handing in."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes.hub import HubFake
from tests.fixtures.projects import As, ProjectAt
from tre.hub.storage import Held
from tre.kernel.clock import SetClock
from tre.kernel.errors import TooLarge
from tre.plumbing.config import Config
from tre.sessions import service as workspaces
from tre.sessions.service import SessionsDesk

BOUND = Config.model_fields["workspace_bytes"].default


def tell(config: Config, project_id: str, *, at: datetime, share: float, first: float = 0.0) -> None:
    """Write what the hub would: `share` of the bound now, `first` at the session's start."""
    held = Held(
        session="k", bytes=int(share * BOUND), files=5, first_bytes=int(first * BOUND), first_files=5, at=at.isoformat()
    )
    file = Path(config.state) / "run/hub/storage.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({f"amina/{project_id}": asdict(held)}))


def opened(project_at: ProjectAt, as_person: As, desk: SessionsDesk) -> str:
    project = project_at("approved")
    workspaces.open_workspace(as_person("amina"), desk, project.project_id)
    return project.project_id


def test_the_page_says_what_it_holds(
    project_at: ProjectAt, as_person: As, sessions_desk: SessionsDesk, config: Config, clock: SetClock
) -> None:
    project_id = opened(project_at, as_person, sessions_desk)
    assert workspaces.look_at_workspace(as_person("amina"), sessions_desk, project_id).storage is None
    tell(config, project_id, at=clock.now(), share=0.9)
    seen = workspaces.look_at_workspace(as_person("amina"), sessions_desk, project_id).storage
    assert seen is not None
    assert seen.state == "nearly_full"
    (watched,) = workspaces.watch_workspaces(as_person("farah"))
    assert watched.storage == seen


def test_what_goes_on_growing_is_stopped_with_the_reason_and_can_be_opened_to_clear_up(
    project_at: ProjectAt, as_person: As, sessions_desk: SessionsDesk, hub: HubFake, config: Config, clock: SetClock
) -> None:
    project_id = opened(project_at, as_person, sessions_desk)
    timer = as_person("system:timer")
    clock.move(timedelta(seconds=60))
    tell(config, project_id, at=clock.now(), share=1.05)
    assert workspaces.keep_or_stop(timer, sessions_desk).stopped == 0
    tell(config, project_id, at=clock.now(), share=1.2)
    assert workspaces.keep_or_stop(timer, sessions_desk).stopped == 1
    assert not hub.running
    view = workspaces.look_at_workspace(as_person("amina"), sessions_desk, project_id)
    assert view.session is not None
    assert "went on growing beyond its bound" in view.session.why
    clock.move(timedelta(seconds=5))
    workspaces.open_workspace(as_person("amina"), sessions_desk, project_id)
    clock.move(timedelta(seconds=5))
    assert workspaces.keep_or_stop(timer, sessions_desk).stopped == 0, "measured before it was opened"
    tell(config, project_id, at=clock.now(), share=1.2, first=1.2)
    assert workspaces.keep_or_stop(timer, sessions_desk).stopped == 0


def test_nothing_is_handed_in_from_a_full_one(config: Config, clock: SetClock) -> None:
    workspaces.require_room(config, person_id="amina", project_id="p-aaaaaa")
    tell(config, "p-aaaaaa", at=clock.now(), share=1.0)
    workspaces.require_room(config, person_id="amina", project_id="p-aaaaaa")
    tell(config, "p-aaaaaa", at=clock.now(), share=1.01)
    with pytest.raises(TooLarge, match="nothing can be handed in"):
        workspaces.require_room(config, person_id="amina", project_id="p-aaaaaa")
    workspaces.require_room(config, person_id="ben", project_id="p-aaaaaa")
