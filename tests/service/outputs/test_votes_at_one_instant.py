"""Two and more checkers vote at the same instant, each in a process of their own, on both databases.

Without the lock on the request, PostgreSQL lets both see one vote and the request hangs for ever; with a deferred BEGIN,
SQLite refuses one of them at once.
"""

import multiprocessing
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise, product
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier

import pytest
from sqlalchemy.orm import Session, sessionmaker

from output_checking.service.desk import OutputsDesk
from output_checking.service.reviewing import vote
from output_checking.tables import ReleaseRow, RequestRow, VoteRow
from tests.fakes.outputs_ports import FakePeople, FakeProjects, project
from tests.fixtures.opa import Opa
from tests.fixtures.outputs import MakeContext, Outputs
from tre.kernel.actor import Actor
from tre.kernel.clock import SetClock
from tre.kernel.errors import NotPermitted
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.config import Config
from tre.plumbing.db import make_engine, make_sessions
from tre.plumbing.unit_of_work import Context
from tre.policy.opa import policy_server

ROUNDS = 12
SPAWN = multiprocessing.get_context("spawn")


def _checker(
    person_id: str, url: str, opa: Config, config: Config, desk: OutputsDesk, ids: list[str], start: Barrier, told: "Queue[str]"
) -> None:  # fmt: skip
    engine = make_engine(url)
    gate = policy_server(opa)
    actor = Actor(person_id=person_id, roles=frozenset({"output_checker"}))
    clock = SetClock(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    ctx = Context(actor=actor, gate=gate, clock=clock, sessions=make_sessions(engine), config=config)
    for request_id in ids:
        start.wait(timeout=60)
        try:
            vote(ctx, desk, request_id, view="approve", comment="", version=1)
            told.put("voted")
        except NotPermitted as refused:
            told.put(",".join(refused.reasons))
        except Exception as error:  # noqa: BLE001 - the test counts every kind
            told.put(type(error).__name__)
    gate.close()
    engine.dispose()


@pytest.mark.parametrize("checkers", [("cara", "dev"), ("cara", "dev", "fred", "gus", "hal")])
def test_every_request_is_released_exactly_once(
    outputs: Outputs,
    checkers: tuple[str, ...],
    database_url: str,
    opa_server: Opa,
    sessions: sessionmaker[Session],
    context_of: MakeContext,
) -> None:
    ids = [outputs.submit().request_id for _ in range(ROUNDS)]
    for checker, request_id in product(checkers, ids):
        outputs.look_at_all(context_of(checker, "output_checker"), request_id)
    projects = FakeProjects({"p-aaaaaa": project()})
    desk = OutputsDesk(shelf=outputs.desk.shelf, projects=projects, people=FakePeople())
    start, told = SPAWN.Barrier(len(checkers)), SPAWN.Queue()
    given = (database_url, opa_server.config, outputs.amina.config, desk, ids, start, told)
    processes = [SPAWN.Process(target=_checker, args=(one, *given)) for one in checkers]
    for process in processes:
        process.start()
    outcomes = Counter(told.get(timeout=120) for _ in range(ROUNDS * len(checkers)))
    for process in processes:
        process.join(timeout=60)
    late = ROUNDS * (len(checkers) - 2)
    assert outcomes == Counter({"voted": 2 * ROUNDS, **({"outputs.request.not_in_review": late} if late else {})})
    with sessions() as session:
        assert session.query(VoteRow).count() == 2 * ROUNDS
        assert session.query(ReleaseRow).count() == ROUNDS
        assert {row.state for row in session.query(RequestRow)} == {"released"}
        rows = session.query(AuditRow).order_by(AuditRow.number).all()
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert all(after.previous == before.hash for before, after in pairwise(rows))
