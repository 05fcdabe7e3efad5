"""The demonstration's persons: the same as the identity provider's, made once, never in production."""

import json
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.events import events_named
from tre.kernel.clock import SetClock
from tre.kernel.errors import Conflict
from tre.people.service.demo import DEMO_PERSONS, seed_demo_persons
from tre.plumbing.config import CHECKOUT, Config


def test_made_once(sessions: sessionmaker[Session], config: Config, clock: SetClock) -> None:
    assert seed_demo_persons(sessions, config, now=clock.now()) == len(DEMO_PERSONS)
    assert seed_demo_persons(sessions, config, now=clock.now()) == 0
    assert len(events_named(sessions, "people.person.added")) == len(DEMO_PERSONS)


def test_not_in_production(sessions: sessionmaker[Session], tmp_path: Path, clock: SetClock) -> None:
    with pytest.raises(Conflict):
        seed_demo_persons(sessions, Config(state=tmp_path, mode="production"), now=clock.now())


def test_same_persons_as_the_provider() -> None:
    provider = json.loads((CHECKOUT / "infra/idp/persons.json").read_text())
    assert {one["sub"]: one["name"] for one in provider} == {one.person_id: one.name for one in DEMO_PERSONS}
