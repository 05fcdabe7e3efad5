"""Owns how the policy server is started: its command and environment, the same for the supervisor and for the tests.

Must never start it, nor let it speak to anything but this machine.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from tre.plumbing.config import Config


def command(config: Config, *, opa: Path) -> tuple[str, ...]:
    """Return the program and arguments that serve the bundle of this installation on loopback, to the token's holder alone.

    Args:
        opa: the OPA binary.
    """
    return (
        str(opa), "run", "--server", "--config-file", str(config.state / "run/opa/config.yaml"),
        "--addr", f"{config.host}:{config.opa_port}", "--authentication=token", "--authorization=basic",
        "--log-level=error", "--skip-version-check", "--shutdown-grace-period=1",
    )  # fmt: skip


def environment() -> Mapping[str, str]:
    """Return what the server reads from its environment.

    Half of the processors: a question is short, and one that is handed from thread to thread over idle processors was
    answered 0.2 ms later than one that stayed (two processors, one question at a time).
    """
    return {"GOMAXPROCS": str(max(1, (os.cpu_count() or 1) // 2))}
