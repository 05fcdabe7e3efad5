"""Owns the broker's round: claim a job, do it, end it; a fault ends the job or gives it back, never the broker.

Must never write a fault's own words into a record when they come from a library: those may repeat data.
"""

import logging
import threading
from datetime import timedelta

from sqlalchemy import update

from tre.data.broker.desk import Desk
from tre.data.broker.disclosing import end_what_lapsed
from tre.data.broker.keeping import Heartbeat, Keeper, kept
from tre.data.broker.work import WORK, give_up
from tre.data.service.jobs import FIRST, KINDS, LAST
from tre.kernel.errors import Conflict, TreError, Unavailable
from tre.plumbing import jobs

IDLE_SECONDS = 0.5
LAPSED_EVERY = timedelta(minutes=1)
WAIT_SECONDS = 3.0
WAITS = 200
"""How often a job waits for a part that does not answer (ten minutes), before the try is given up."""
_LOG = logging.getLogger(__name__)


def run(desk: Desk, heartbeat: Heartbeat, stop: threading.Event) -> None:
    """Take jobs until `stop` is set."""
    take_over(desk)
    looked_at = desk.ctx.clock.now() - LAPSED_EVERY
    while not stop.is_set():
        heartbeat.beat()
        if desk.ctx.clock.now() - looked_at >= LAPSED_EVERY:
            end_what_lapsed(desk)
            looked_at = desk.ctx.clock.now()
        if not take_one(desk, heartbeat, stop):
            stop.wait(IDLE_SECONDS)


def take_over(desk: Desk) -> None:
    """Free the jobs of a broker that died: whoever has the vault open is the only one, so they are nobody's."""
    orphaned = update(jobs.JobRow).where(jobs.JobRow.kind.in_(KINDS), jobs.JobRow.state == "running")
    with desk.ctx.sessions() as session:
        session.execute(orphaned.values(leased_until=desk.ctx.clock.now() - jobs.LEASE))
        session.commit()


def take_one(desk: Desk, heartbeat: Heartbeat, stop: threading.Event) -> bool:
    """Do the oldest job, if there is one; return whether there was."""
    held = _claim(desk)
    if held is None:
        return False
    keeper = Keeper(desk.ctx.sessions, desk.ctx.clock, held)
    try:
        with kept(keeper, heartbeat):
            _do(desk, held, keeper, stop)
    except Conflict as fault:
        _LOG.warning("job %s (%s): %s", held.job_id, held.kind, fault.code)
    except TreError as fault:
        _LOG.warning("job %s (%s), try %d: %s", held.job_id, held.kind, held.tries, fault.code)
        _give_back(desk, held, fault.sentence)
    except Exception as fault:  # noqa: BLE001 - the broker must outlive a fault in one job
        _LOG.error(
            "job %s (%s), try %d: %s at %s", held.job_id, held.kind, held.tries, type(fault).__name__, _where(fault)
        )
        _give_back(desk, held, "A fault in the broker: look into its log.")
    return True


def _do(desk: Desk, held: jobs.Claim, keeper: Keeper, stop: threading.Event) -> None:
    """Do the job; while a part does not answer (the policy server), keep the job and wait: that is no failed try."""
    if held.tries > jobs.MOST_TRIES:
        give_up(desk, held, "It was begun several times and never ended: look into the broker's log.")
        return
    for _ in range(WAITS):
        try:
            WORK[held.kind](desk, held, keeper)
        except Unavailable as fault:
            keeper.tell(0.0, fault.sentence)
            if stop.wait(WAIT_SECONDS):
                raise
        else:
            return
    raise Unavailable("A part did not answer for ten minutes: see the health page.", code="data.job.waited")


def _claim(desk: Desk) -> jobs.Claim | None:
    with desk.ctx.sessions() as session:
        now = desk.ctx.clock.now()
        held = jobs.claim(session, FIRST, now=now) or jobs.claim(session, LAST, now=now)
        session.commit()
        return held


def _give_back(desk: Desk, held: jobs.Claim, why: str) -> None:
    """Put the job back into the queue; after the last try, record that it came to nothing."""
    if held.tries >= jobs.MOST_TRIES:
        try:
            give_up(desk, held, why)
        except TreError as fault:
            _LOG.warning("job %s (%s) cannot be ended yet: %s", held.job_id, held.kind, fault.code)
        return
    with desk.ctx.sessions() as session:
        jobs.fail(session, held, now=desk.ctx.clock.now(), why=why)
        session.commit()


def _where(fault: BaseException) -> str:
    """Return module and line of the innermost frame: enough to find it, and no word of the message."""
    trace = fault.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"
