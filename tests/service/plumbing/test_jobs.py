"""Long work survives the death of its worker, is done by one worker at a time, and is given up in the open."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tre.plumbing import jobs

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
KIND = "data.snapshot.build"
TAKE_AND_DIE = """
import os, signal, sys
from datetime import datetime
from tre.plumbing import db, jobs
with db.make_sessions(db.make_engine(sys.argv[1]))() as session:
    held = jobs.claim(session, ["data.snapshot.build"], now=datetime.fromisoformat(sys.argv[2]))
    assert held
    session.commit()
os.kill(os.getpid(), signal.SIGKILL)
"""


def put(sessions: sessionmaker[Session], subject: str = "s-1") -> str:
    with sessions() as session:
        job_id = jobs.enqueue(session, KIND, subject=subject, payload={"snapshot": subject}, now=NOW)
        session.commit()
        return job_id


def take(sessions: sessionmaker[Session], *, at: datetime) -> jobs.Claim | None:
    with sessions() as session:
        held = jobs.claim(session, [KIND], now=at)
        session.commit()
        return held


def test_a_job_whose_worker_was_killed_is_taken_again(sessions: sessionmaker[Session], database_url: str) -> None:
    put(sessions)
    worker = subprocess.run(
        [sys.executable, "-c", TAKE_AND_DIE, database_url, NOW.isoformat()],
        check=False,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
    )
    assert worker.returncode == -signal.SIGKILL
    assert take(sessions, at=NOW + timedelta(seconds=1)) is None, "its lease still runs"
    held = take(sessions, at=NOW + jobs.LEASE + timedelta(seconds=1))
    assert held is not None
    assert held.tries == 2


def test_only_the_newest_claim_may_finish(sessions: sessionmaker[Session]) -> None:
    put(sessions)
    slow = take(sessions, at=NOW)
    late = NOW + jobs.LEASE + timedelta(seconds=1)
    quick = take(sessions, at=late)
    assert slow is not None
    assert quick is not None
    with sessions() as session:
        assert not jobs.finish(session, slow, now=late)
        assert not jobs.renew(session, slow, now=late, progress=90, note="still at it")
        assert jobs.finish(session, quick, now=late)
        session.commit()
    with sessions() as session:
        row = jobs.latest(session, KIND, subject="s-1")
        assert row is not None
        assert (row.state, row.progress, row.finished_at) == ("done", 100, late)


def test_a_renewed_lease_keeps_others_away(sessions: sessionmaker[Session]) -> None:
    put(sessions)
    held = take(sessions, at=NOW)
    assert held is not None
    soon = NOW + jobs.LEASE - timedelta(seconds=1)
    with sessions() as session:
        assert jobs.renew(session, held, now=soon, progress=40, note="ordering rows")
        session.commit()
    assert take(sessions, at=NOW + jobs.LEASE + timedelta(seconds=5)) is None


def test_each_job_goes_to_one_worker_oldest_first(sessions: sessionmaker[Session]) -> None:
    first, second = put(sessions, "s-1"), put(sessions, "s-2")
    taken = [take(sessions, at=NOW), take(sessions, at=NOW), take(sessions, at=NOW)]
    assert {one.job_id for one in taken if one} == {first, second}
    assert taken[2] is None


def test_after_the_last_try_it_is_failed_and_says_why(sessions: sessionmaker[Session]) -> None:
    put(sessions)
    for expected in ("queued", "queued", "failed"):
        held = take(sessions, at=NOW)
        assert held is not None
        with sessions() as session:
            assert jobs.fail(session, held, now=NOW, why="the disk is full")
            session.commit()
            row = jobs.latest(session, KIND, subject="s-1")
            assert row is not None
            assert (row.state, row.note) == (expected, "the disk is full")
    assert take(sessions, at=NOW) is None


@pytest.mark.parametrize("kinds", [["data.dataset.ingest"], []])
def test_a_worker_takes_only_the_kinds_it_knows(sessions: sessionmaker[Session], kinds: list[str]) -> None:
    put(sessions)
    with sessions() as session:
        assert jobs.claim(session, kinds, now=NOW) is None
