"""Owns the state table of a project's snapshot. Must never say who may make a move: that is Rego's."""

from tre.kernel.machine import Machine

SNAPSHOT = Machine(
    noun="snapshot",
    first="requested",
    moves={
        ("requested", "start"): "building",
        ("building", "start"): "building",  # the broker was killed and takes the job again
        ("building", "finish"): "ready",
        ("building", "fail"): "failed",
        ("requested", "fail"): "failed",
        ("requested", "remove"): "removed",
        ("building", "remove"): "removed",
        ("ready", "remove"): "removed",
        ("failed", "remove"): "removed",
    },
    turn={
        "requested": "honest broker",
        "building": "honest broker",
        "ready": "nobody",
        "failed": "custodian",
        "removed": "nobody",
    },
)
