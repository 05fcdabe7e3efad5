"""Owns the workspace session as a value, its state table and its token's hash. Must never keep a token as it is."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from tre.kernel.machine import Machine

OPENING = "opening"
LIVE = "live"
STOPPED = "stopped"
FAILED = "failed"
OPEN_STATES = (OPENING, LIVE)

# The hub gives a server 60 seconds to answer; what takes longer has come to nothing.
LONGEST_OPENING = timedelta(seconds=75)

MACHINE = Machine(
    noun="workspace",
    first=OPENING,
    moves={
        (OPENING, "start"): LIVE,
        (OPENING, "fail"): FAILED,
        (OPENING, "stop"): STOPPED,
        (LIVE, "stop"): STOPPED,
    },
    turn={OPENING: "the hub", LIVE: "the researcher", STOPPED: "nobody", FAILED: "nobody"},
)


@dataclass(frozen=True, kw_only=True)
class WorkspaceSession:
    """One stretch of work of one person in one project.

    Args:
        live_at: when its server answered.
        lapses_at: when it ends at the latest.
        stopped_at: when it ended or failed.
        why: why it ended or failed, in words.
        snapshot_version: the snapshot that is mounted.
    """

    session_id: str
    project_id: str
    person_id: str
    state: str
    opened_at: datetime
    lapses_at: datetime
    live_at: datetime | None = None
    stopped_at: datetime | None = None
    why: str = ""
    snapshot_version: str = ""

    @property
    def is_open(self) -> bool:
        """Say whether it runs or is about to."""
        return self.state in OPEN_STATES


def new_token() -> str:
    """Return a token of 256 bits for the session API."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a token. Unsalted, because a random token of 256 bits cannot be guessed from its hash."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def lapse(opened_at: datetime, *, hours: float, lapses_on: date) -> datetime:
    """Return when a session ends at the latest: after `hours`, and never after the last moment of `lapses_on`."""
    end_of_day = datetime.combine(lapses_on + timedelta(days=1), time.min, tzinfo=UTC)
    return min(opened_at + timedelta(hours=hours), end_of_day)
