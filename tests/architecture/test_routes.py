"""Every route is guarded by a decision, or on the short public list with its reason."""

import re
import unittest.mock
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.events import event_names
from tests.fixtures.projects import ProjectAt
from tests.house.portal import Portal, Visitor, make_portal
from tre.entrypoints.app import routers
from tre.entrypoints.public_routes import PUBLIC
from tre.kernel.errors import Unavailable

_PARAMETER = re.compile(r"\{([^}]+)\}")
# 404 and 422: what was asked for is not there, or not whole; 503: nobody decided.
REFUSED = {404, 409, 415, 422, 503}
FILLED = {"person_id": "amina", "project_id": "p-aaaaaa"}


def every_route() -> list[tuple[str, str]]:
    """Return (method, path) of every route, those of included routers too."""
    found = {(method, path) for router in routers() for method, path in _flat(router.routes)}
    return sorted(found | set(_flat(FastAPI(openapi_url="/api/v1/openapi.json", docs_url=None, redoc_url=None).routes)))


def _flat(routes: Any) -> Iterator[tuple[str, str]]:
    for one in routes:
        inner = getattr(one, "original_router", None)
        if inner is not None:
            yield from _flat(inner.routes)
        else:
            yield from ((method, one.path) for method in one.methods - {"HEAD"})


GUARDED = [(method, path) for method, path in every_route() if path not in PUBLIC]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def send(visitor: Visitor, method: str, path: str) -> Any:
    """Send a request with our token, as a form to a page and in the header to the API."""
    address = _PARAMETER.sub(lambda found: FILLED.get(found[1].split(":")[0], "x-aaaaaa"), path)
    if path.startswith("/api/"):
        return visitor.client.request(method, address, headers={"x-csrf-token": visitor.token})
    return visitor.post(address) if method == "POST" else visitor.get(address)


def test_the_list_of_public_routes_is_true() -> None:
    known = {path for _, path in every_route()} | {"/assets"}
    assert set(PUBLIC) - known == set(), "listed, but there is no such route"
    assert all(len(reason.split()) >= 3 for reason in PUBLIC.values())


def test_whoever_is_not_signed_in_gets_nothing(portal: Portal) -> None:
    visitor = portal.visitor()
    answers = {(method, path): send(visitor, method, path) for method, path in GUARDED}
    let_in = {
        route: answer.status_code
        for route, answer in answers.items()
        if answer.status_code != 401 and not answer.headers.get("location", "").startswith("/auth/login?next=")
    }
    assert let_in == {}


class NoAnswer:
    """A gate whose policy server never answers."""

    def decide(self, *_given: object, **_named: object) -> None:
        raise Unavailable("The policy server does not answer.", code="policy.unreachable")

    ask = conditions = decide

    def sentence(self, reason: str) -> str:
        return reason


def test_without_a_decision_nothing_is_given_and_nothing_written(
    portal: Portal, project_at: ProjectAt, sessions: sessionmaker[Session]
) -> None:
    filled = {"project_id": project_at("approved").project_id}
    mute = make_portal(replace(portal.house, gate=NoAnswer()))  # type: ignore[arg-type]
    visitor = mute.visitor("amina")
    before = event_names(sessions)
    with unittest.mock.patch.dict(FILLED, filled):
        answers = {(method, path): send(visitor, method, path) for method, path in GUARDED}
    given = {route: answer.status_code for route, answer in answers.items() if answer.status_code not in REFUSED}
    assert given == {}
    assert sum(answer.status_code == 503 for answer in answers.values()) > len(answers) / 2
    assert event_names(sessions) == before
