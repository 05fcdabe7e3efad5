"""A state folder of one's own and free ports, for a test that starts parts of the product."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.house.parts import free_port
from tre.plumbing.config import Config


@contextmanager
def own_config() -> Iterator[Config]:
    """Settings of an installation that shares nothing with any other; its folder is removed afterwards."""
    state = Path(tempfile.mkdtemp(prefix="tre-state-"))
    try:
        yield Config(
            state=state,
            front_port=free_port(),
            proxy_api_port=free_port(),
            portal_port=free_port(),
            idp_port=free_port(),
            opa_port=free_port(),
        )
    finally:
        shutil.rmtree(state)


def environment_of(config: Config) -> dict[str, str]:
    """The environment that gives a process the same settings."""
    from infra.setup.paths import CHECKOUT
    from tre.entrypoints.supervise.configuration import settings_of

    kept = {name: value for name, value in os.environ.items() if name in ("TRE_HOME", "PATH")}
    return kept | settings_of(config) | {"PYTHONPATH": str(CHECKOUT)}
