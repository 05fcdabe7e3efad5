"""Without the policy server nothing is permitted: every guarded route says so, and not one row or file is written.

Each fault is that of a real server: paused, killed, without its bundle, with a bundle that somebody altered.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.architecture.test_routes import GUARDED
from tests.fixtures import opa
from tests.fixtures.portal_in_use import InUse
from tests.house.every_route import ASKS, name_in_app, send
from tests.house.portal import make_portal
from tests.service.policy.test_failing_closed import alter, wait_until_listening
from tre.plumbing.config import Config
from tre.policy import bundle
from tre.policy.opa import policy_server

pytestmark = pytest.mark.real

SHORT_SECONDS = 0.15  # in the place of a second: how long an answer is waited for changes nothing about what follows
NOT_THERE = ("/resume", "/certificate")  # the project is not suspended; the factory's certificate has no file
BUNDLE = "run/opa/bundle.tar.gz"


@contextmanager
def paused(state: Path) -> Iterator[Config]:
    """A server that is there and does not move."""
    with opa.running(state) as server:
        opa.pause(server.process)
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


def test_each_request_is_answered_where_the_policy_server_answers(in_use: InUse) -> None:
    """Else what follows would prove nothing: these look at what is there, and may."""
    visitors = {ask.by: in_use.portal.visitor(ask.by) for ask in ASKS.values()}
    looks = [route for route in ASKS if route.startswith("GET ") and not route.endswith(NOT_THERE)]
    answers = {
        route: send(visitors[ASKS[route].by], route, {}, filled=in_use.filled[ASKS[route].state]) for route in looks
    }
    assert {route: one.text[:300] for route, one in answers.items() if one.status_code != 200} == {}


@pytest.mark.parametrize("fault", [paused, killed, without_bundle, with_altered_bundle])
def test_nothing_is_permitted_and_nothing_written(
    in_use: InUse,
    fault: Callable[[Path], AbstractContextManager[Config]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tre.policy.opa.TIMEOUT_SECONDS", SHORT_SECONDS)
    with fault(tmp_path / "opa") as config:
        gate = policy_server(config)
        portal = make_portal(replace(in_use.portal.house, gate=gate))
        visitors = {person: portal.visitor(person) for person in sorted({ask.by for ask in ASKS.values()})}
        before = in_use.contents(leave_out=set())
        permitted = {}
        for route, ask in ASKS.items():
            answer = send(visitors[ask.by], route, ask.fields, filled=in_use.filled[ask.state])
            if answer.status_code != 503 or "It cannot be decided now whether you may do this" not in answer.text:
                permitted[route] = f"{answer.status_code} {answer.text[:200]}"
        gate.close()
    assert permitted == {}, "\n".join(f"{route}: {answer}" for route, answer in permitted.items())
    assert in_use.contents(leave_out=set()) == before
