"""Owns the broker's round: claim a job, do it, end it; a fault ends the job or gives it back, never the broker.

Must never write a fault's own words into a record when they come from a library: those may repeat data.
"""

import logging
import threading

from tre.data.broker.keeping import Heartbeat, Keeper, kept
from tre.data.broker.work import WORK, Desk, give_up
from tre.data.service.jobs import KINDS
from tre.kernel.errors import Conflict, TreError
from tre.plumbing import jobs

IDLE_SECONDS = 0.5
_LOG = logging.getLogger(__name__)


def run(desk: Desk, heartbeat: Heartbeat, stop: threading.Event) -> None:
    """Take jobs until `stop` is set."""
    while not stop.is_set():
        heartbeat.beat()
        if not take_one(desk, heartbeat):
            stop.wait(IDLE_SECONDS)


def take_one(desk: Desk, heartbeat: Heartbeat) -> bool:
    """Do the oldest job, if there is one; return whether there was."""
    held = _claim(desk)
    if held is None:
        return False
    keeper = Keeper(desk.ctx.sessions, desk.ctx.clock, held)
    try:
        if held.tries > jobs.MOST_TRIES:
            give_up(desk, held, "It was begun several times and never ended: look into the broker's log.")
            return True
        with kept(keeper, heartbeat):
            WORK[held.kind](desk, held, keeper)
    except Conflict as fault:
        _LOG.warning("job %s (%s): %s", held.job_id, held.kind, fault.code)
    except TreError as fault:
        _give_back(desk, held, fault.sentence)
        _LOG.warning("job %s (%s), try %d: %s", held.job_id, held.kind, held.tries, fault.code)
    except Exception as fault:  # noqa: BLE001 - the broker must outlive a fault in one job
        _give_back(desk, held, "A fault in the broker: look into its log.")
        _LOG.error(
            "job %s (%s), try %d: %s at %s", held.job_id, held.kind, held.tries, type(fault).__name__, _where(fault)
        )
    return True


def _claim(desk: Desk) -> jobs.Claim | None:
    with desk.ctx.sessions() as session:
        held = jobs.claim(session, KINDS, now=desk.ctx.clock.now())
        session.commit()
        return held


def _give_back(desk: Desk, held: jobs.Claim, why: str) -> None:
    """Put the job back into the queue; after the last try, record that it came to nothing."""
    if held.tries >= jobs.MOST_TRIES:
        give_up(desk, held, why)
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
