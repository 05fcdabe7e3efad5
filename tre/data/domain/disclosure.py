"""Owns the states of what loosens a pseudonym: a re-identification, a bridge. Must never say who may move them: Rego does."""

from dataclasses import dataclass

from tre.kernel.machine import Machine

REIDENTIFICATION = Machine(
    noun="re-identification",
    first="asked",
    moves={
        ("asked", "approve"): "approved",
        ("asked", "refuse"): "refused",
        ("approved", "refuse"): "refused",
        ("approved", "answer"): "answered",
        ("approved", "fail"): "failed",
        ("answered", "read"): "read",
        ("asked", "lapse"): "lapsed",
        ("answered", "lapse"): "lapsed",  # nobody read it: the answer is removed
    },
    turn={
        "asked": "another custodian or admin",
        "approved": "honest broker",
        "answered": "whoever asked or approved",
        "refused": "nobody",
        "failed": "nobody",
        "read": "nobody",
        "lapsed": "nobody",
    },
)

BRIDGE = Machine(
    noun="bridge",
    first="asked",
    moves={
        ("asked", "agree"): "agreed_once",
        ("agreed_once", "agree"): "agreed",
        ("agreed", "lay"): "laid",
        ("laid", "lay"): "laid",  # again, for the projects' next snapshots
        ("asked", "refuse"): "refused",
        ("agreed_once", "refuse"): "refused",
        ("agreed", "refuse"): "refused",
        ("laid", "refuse"): "refused",
        ("asked", "lapse"): "lapsed",
        ("agreed_once", "lapse"): "lapsed",
        ("agreed", "lapse"): "lapsed",
        ("laid", "lapse"): "lapsed",
    },
    turn={
        "asked": "custodian and admin",
        "agreed_once": "custodian or admin",
        "agreed": "honest broker",
        "laid": "nobody",
        "refused": "nobody",
        "lapsed": "nobody",
    },
)

MOST_BRIDGE_DAYS = 366


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the broker is to turn back, for one re-identification.

    Args:
        key_versions: those that the project's snapshots were made with, the newest first.
    """

    request_id: str
    project_id: str
    pseudonym: str
    key_versions: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class SnapshotOf:
    """A project's snapshot that is ready, and the key version it was made with."""

    project_id: str
    version: int
    key_version: int
    reader_uid: int


@dataclass(frozen=True, kw_only=True)
class BridgePlan:
    """A bridge to be laid: the persons who are in both snapshots, and nobody else."""

    bridge_id: str
    source: SnapshotOf
    target: SnapshotOf
