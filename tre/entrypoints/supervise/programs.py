"""Owns where the programs are that set-up made. Must never make or fetch one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.setup.paths import places
from tre.kernel.errors import Unavailable

_NAMES = {
    "python": "TRE_PYTHON",
    "node": "TRE_NODE",
    "node_modules": "TRE_NODE_MODULES",
    "opa": "TRE_OPA",
    "notebook_env": "TRE_NOTEBOOK_ENV",
    "web": "TRE_WEB",
}


@dataclass(frozen=True, kw_only=True)
class Programs:
    """The programs and built folders of this checkout.

    Args:
        python: interpreter of the service environment.
        node: the Node program; node_modules: the Node parts.
        opa: the policy server.
        notebook_env: folder of the Python environment that workspaces run.
        web: folder of built CSS and JavaScript.
    """

    python: Path
    node: Path
    node_modules: Path
    opa: Path
    notebook_env: Path
    web: Path


def find_programs(environ: Mapping[str, str]) -> Programs:
    """Return the programs: those named in `environ` (TRE_PYTHON and so on), else where set-up puts them."""
    standard = places().variables()
    return Programs(**{field: Path(environ.get(name) or standard[name]) for field, name in _NAMES.items()})


def check_present(programs: Programs) -> None:
    """Raise `Unavailable` that names what set-up has not made yet."""
    missing = [name for field, name in _NAMES.items() if not getattr(programs, field).exists()]
    if missing:
        raise Unavailable(f"Set-up is not complete ({', '.join(missing)} not there): run 'make setup'.")
