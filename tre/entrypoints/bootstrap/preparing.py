"""Owns what must be right before any part starts: the signed policy bundle, the tables, the demonstration's persons.

Called by the supervisor's tower, in order, at every start; a second call changes nothing. Must never touch the vault.
"""

import os
from collections.abc import Callable, Sequence

from tre.entrypoints.supervise.programs import find_programs
from tre.kernel.clock import SystemClock
from tre.migrations.running import upgrade
from tre.people.service.demo import seed_demo_persons
from tre.plumbing.config import Config
from tre.plumbing.db import make_engine, make_sessions
from tre.policy import bundle


def preparations() -> Sequence[Callable[[Config], None]]:
    """Return the steps, in order."""
    return (prepare_policy, prepare_records, prepare_demo_persons)


def prepare_policy(config: Config) -> None:
    """Build and sign the policy bundle."""
    bundle.prepare(config, opa=find_programs(os.environ).opa)


def prepare_records(config: Config) -> None:
    """Bring the tables to the newest revision."""
    upgrade(config.database)


def prepare_demo_persons(config: Config) -> None:
    """Make the made-up persons known, in a demonstration only."""
    if config.mode != "demo":
        return
    engine = make_engine(config.database)
    seed_demo_persons(make_sessions(engine), config, now=SystemClock().now())
    engine.dispose()
