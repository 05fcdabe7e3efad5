"""Without the policy server nothing is permitted: every guarded route says so, and not one row or file is written.

Each fault is that of a real server: paused, killed, without its bundle, with a bundle that somebody altered.
"""

import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from tests.architecture.test_routes import GUARDED
from tests.factories.applications import project_at
from tests.factories.outputs import png
from tests.fixtures import opa
from tests.fixtures.outputs_web import TABLE, OutputsPortal
from tests.house.every_route import ASKS, name_in_app, send
from tests.house.portal import Portal, make_portal
from tests.service.policy.test_failing_closed import alter, wait_until_listening
from tre.entrypoints.bootstrap import ports
from tre.people.tables import TrainingRow
from tre.plumbing.config import Config
from tre.plumbing.db import Base
from tre.policy import bundle
from tre.policy.opa import policy_server
from tre.projects.service import ProjectsDesk
from tre.projects.tables import ProjectRow
from tre.sessions import service as workspaces

pytestmark = pytest.mark.real

SHORT_SECONDS = 0.15  # in the place of a second: how long an answer is waited for changes nothing about what follows
NOT_THERE = ("/resume", "/certificate")  # the project is not suspended; the factory's certificate has no file
BUNDLE = "run/opa/bundle.tar.gz"


@dataclass(frozen=True)
class Standing:
    """A portal in use, and what stands in the place of each route's parameters, by the project's state."""

    portal: Portal
    filled: Mapping[str, Mapping[str, str]]


@pytest.fixture
def standing(outputs_portal: OutputsPortal, joined_desk: ProjectsDesk, sessions: sessionmaker[Session]) -> Standing:
    """A project in use: a workspace open, a request to be checked, a release; and two applications on their way."""
    outputs, as_person = outputs_portal, outputs_portal.as_person
    waiting, released = outputs.submit(means_csv=TABLE, plot_png=png()), outputs.submit()
    outputs.vote(released.request_id)
    opened = workspaces.open_workspace(as_person("amina"), outputs.portal.house.workspaces, outputs.project_id)
    of_state = {name: project_at(state, as_person=as_person, desk=joined_desk).project_id
                for name, state in (("draft", "complete"), ("submitted", "submitted"))}  # fmt: skip
    of_state["approved"] = outputs.project_id
    with sessions() as session:
        training = session.scalars(select(TrainingRow.id).where(TrainingRow.person_id == "amina")).first()
    files = {one.name.rpartition(".")[2]: one.file_id for one in waiting.present.files}
    common = {
        "person_id": "amina", "role": "researcher", "page": "people", "training_id": str(training), "session_id": opened.session_id,
        "request_id": waiting.request_id, "file_id": files["csv"], "picture_id": files["png"],
        "released_id": released.request_id, "released_file_id": released.present.files[0].file_id,
    }  # fmt: skip
    common["request_version"] = str(waiting.version)
    with sessions() as session:
        versions = {one.id: str(one.version) for one in session.scalars(select(ProjectRow))}
    filled = {state: {**common, "project_id": one, "project_version": versions[one]} for state, one in of_state.items()}
    orders = replace(joined_desk, snapshots=ports.SnapshotOrders())  # it is the data room that asks there
    return Standing(make_portal(replace(outputs.portal.house, projects=orders)), filled)


@contextmanager
def paused(state: Path) -> Iterator[Config]:
    """A server that is there and does not move."""
    with opa.running(state) as server:
        server.process.send_signal(signal.SIGSTOP)
        yield server.config


@contextmanager
def killed(state: Path) -> Iterator[Config]:
    """A server that is gone."""
    with opa.running(state) as server:
        opa.stop(server.process)
        yield server.config


@contextmanager
def without_bundle(state: Path) -> Iterator[Config]:
    """A server that has not got its rules."""
    with _started(state, damage=lambda archive: archive.unlink()) as config:
        yield config


@contextmanager
def with_altered_bundle(state: Path) -> Iterator[Config]:
    """A server whose rules somebody made to permit everything."""
    rule = ("tre/people/person.rego", b'"people.person.not_yours" if is_visible', b"_ if true")
    with _started(state, damage=lambda archive: alter(archive, *rule)) as config:
        yield config


@contextmanager
def _started(state: Path, *, damage: Callable[[Path], object]) -> Iterator[Config]:
    config = opa.installation(state)
    bundle.prepare(config, opa=opa.opa_binary())
    damage(config.state / BUNDLE)
    process = opa.start(config)
    try:
        wait_until_listening(config)
        yield config
    finally:
        opa.stop(process)


def test_no_guarded_route_is_forgotten() -> None:
    assert {name_in_app(route) for route in ASKS} == {f"{method} {path}" for method, path in GUARDED}


def test_each_request_is_answered_where_the_policy_server_answers(standing: Standing) -> None:
    """Else what follows would prove nothing: these look at what is there, and may."""
    visitors = {ask.by: standing.portal.visitor(ask.by) for ask in ASKS.values()}
    looks = [route for route in ASKS if route.startswith("GET ") and not route.endswith(NOT_THERE)]
    answers = {
        route: send(visitors[ASKS[route].by], route, {}, filled=standing.filled[ASKS[route].state]) for route in looks
    }
    assert {route: one.text[:300] for route, one in answers.items() if one.status_code != 200} == {}


@pytest.mark.parametrize("fault", [paused, killed, without_bundle, with_altered_bundle])
def test_nothing_is_permitted_and_nothing_written(
    standing: Standing, fault: Callable[[Path], AbstractContextManager[Config]], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, sessions: sessionmaker[Session],
) -> None:  # fmt: skip
    monkeypatch.setattr("tre.policy.opa.TIMEOUT_SECONDS", SHORT_SECONDS)
    with fault(tmp_path / "opa") as config:
        gate = policy_server(config)
        portal = make_portal(replace(standing.portal.house, gate=gate))
        visitors = {person: portal.visitor(person) for person in sorted({ask.by for ask in ASKS.values()})}
        before = everything(sessions, portal.house.config.state)
        permitted = {}
        for route, ask in ASKS.items():
            answer = send(visitors[ask.by], route, ask.fields, filled=standing.filled[ask.state])
            if answer.status_code != 503 or "It cannot be decided now whether you may do this" not in answer.text:
                permitted[route] = f"{answer.status_code} {answer.text[:200]}"
        gate.close()
    assert permitted == {}, "\n".join(f"{route}: {answer}" for route, answer in permitted.items())
    assert everything(sessions, portal.house.config.state) == before


def everything(sessions: sessionmaker[Session], state: Path) -> tuple[dict[str, int], set[str]]:
    """How many rows every table has, and every file of the installation."""
    with sessions() as session:
        rows = {
            name: session.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }
    kept = {str(one) for name in ("shelf", "certificates") for one in (state / name).rglob("*") if one.is_file()}
    return rows, kept
