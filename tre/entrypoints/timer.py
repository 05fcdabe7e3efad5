"""Owns the process that asks again: every few seconds each live workspace, so that what has lapsed ends by itself.

Started as `python -m tre.entrypoints.timer`. It touches the file in TRE_HEARTBEAT after every round, also after one in
which a part did not answer: it lives, and the next round asks again. Must never open anything.
"""

import itertools
import logging
import os
import signal
import threading
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import OperationalError

from tre.data import service as data
from tre.entrypoints.bootstrap import House, build_house
from tre.kernel.actor import system_actor
from tre.kernel.errors import TreError
from tre.people import service as people
from tre.plumbing.config import Config
from tre.sessions import service as sessions

ROUND_SECONDS = 5.0
ROUNDS_A_REFRESH = 12

log = logging.getLogger("tre.timer")


def run(house: House, *, heartbeat: Path | None, stop: threading.Event) -> None:
    """Make rounds until `stop` is set, each `ROUND_SECONDS` after the last has ended."""
    for number in itertools.count():
        if stop.is_set():
            return
        make_round(house)
        if number % ROUNDS_A_REFRESH == 0:
            refresh(house)
            retire(house)
        if heartbeat is not None:
            heartbeat.touch()
        stop.wait(ROUND_SECONDS)


def make_round(house: House) -> sessions.Round | None:
    """Make one round; return what it found, None when a part did not answer."""
    try:
        longest = timedelta(hours=house.config.session_hours)
        people.close_lapsed_sessions(house.sessions, now=house.clock.now(), longest=longest)
        found = sessions.keep_or_stop(house.context(system_actor("timer")), house.workspaces)
    except TreError as error:
        log.warning("no round: %s", error.code)
        return None
    except OperationalError:
        log.warning("no round: the records did not answer in time")
        return None
    if found.stopped or found.strays:
        log.info("stopped %s workspaces that lapsed and %s that nobody had opened", found.stopped, found.strays)
    return found


def refresh(house: House) -> int:
    """Order the snapshots to be built anew that people's choices have outrun; return how many, 0 when a part did not answer."""
    try:
        ordered = data.order_refreshes(house.context(system_actor("timer")))
    except TreError as error:
        log.warning("no refresh ordered: %s", error.code)
        return 0
    except OperationalError:
        log.warning("no refresh ordered: the records did not answer in time")
        return 0
    if ordered:
        log.info("ordered %s snapshots anew: people's choices changed", ordered)
    return ordered


def retire(house: House) -> int:
    """Order the superseded snapshots to be removed that no workspace has; return how many, 0 when a part did not answer."""
    try:
        ordered = data.retire_superseded(house.context(system_actor("timer")), sessions.mounted_versions)
    except (TreError, OperationalError) as error:
        log.warning("no superseded snapshot retired: %s", getattr(error, "code", "the records did not answer in time"))
        return 0
    if ordered:
        log.info("ordered %s superseded snapshots to be removed", ordered)
    return ordered


def main() -> None:
    """Run until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    stop = threading.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda _number, _frame: stop.set())
    beat = os.environ.get("TRE_HEARTBEAT")
    run(build_house(Config()), heartbeat=Path(beat) if beat else None, stop=stop)


if __name__ == "__main__":
    main()
