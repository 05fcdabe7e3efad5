"""The demonstration's persons, as contexts."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.fixtures.context import MakeContext
from tre.kernel.clock import SetClock
from tre.people.service.demo import DEMO_PERSONS, seed_demo_persons
from tre.plumbing.config import Config
from tre.plumbing.unit_of_work import Context

Demo = Callable[[str], Context]


@pytest.fixture
def demo(context_of: MakeContext, sessions: sessionmaker[Session], config: Config, clock: SetClock) -> Demo:
    """Return a maker of contexts for the demonstration's persons, as seeded: no training, no signature."""
    seed_demo_persons(sessions, config, now=clock.now())
    roles = {one.person_id: tuple(str(role) for role in one.roles) for one in DEMO_PERSONS}
    return lambda person_id: context_of(person_id, *roles[person_id])
