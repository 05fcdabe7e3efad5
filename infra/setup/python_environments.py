"""Owns the Python environments: the installer, the service's, the tests' and the researcher's. Must never resolve
a version: the lock files say which, and their hashes are checked.
"""

import os
from collections.abc import Sequence
from pathlib import Path

from infra.setup.paths import ENGINE, NOTEBOOK_LOCK, UV_REQUIREMENTS, Places, wants_spark
from infra.setup.workshop import DEBIAN_PYTHON, Workshop


def make_uv(workshop: Workshop, _places: Places, folder: Path) -> str:
    """The installer itself, by pip with pinned hashes, in an environment of its own."""
    workshop.say("fetching uv, which installs the rest from the lock files")
    workshop.run([DEBIAN_PYTHON, "-m", "venv", folder])
    workshop.run([
        folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--require-hashes", "--only-binary", ":all:", "--requirement", UV_REQUIREMENTS,
    ])  # fmt: skip
    return f"uv {_pinned_version(workshop.checkout)}"


def make_service(workshop: Workshop, places: Places, folder: Path) -> str:
    """What the portal, the broker, the hub and the provider run on: Python packages, and Node as one of them."""
    workshop.say("installing the service's Python packages and Node from uv.lock")
    sync(workshop, places, folder, groups=["--group", "spark"] if wants_spark() else [])
    return "from uv.lock"


def make_test(workshop: Workshop, places: Places, folder: Path) -> str:
    """The service's packages and those of the tests; linked from the installer's store, so fetched only once."""
    workshop.say("adding the tests' packages from uv.lock")
    sync(workshop, places, folder, groups=["--group", "test", "--group", "spark"])
    return "from uv.lock, with the groups of the tests and of Spark"


def make_notebook(workshop: Workshop, places: Places, folder: Path) -> str:
    """What a researcher's workspace can import; read-only there, and nothing is added later."""
    workshop.say("installing JupyterLab and the researcher's packages from notebooks-image/uv.lock")
    sync(workshop, places, folder, project=NOTEBOOK_LOCK[0].parent)
    workshop.say("adding the engine of disclosure checks, built from this checkout")
    words: list[str | Path] = [places.uv / "bin" / "uv", "pip", "install", "--quiet", "--no-deps", "--compile-bytecode"]
    words += ["--python", folder / "bin" / "python", workshop.checkout / ENGINE]
    workshop.run(words, env=_settings(places, folder, "uv"))
    return "from notebooks-image/uv.lock, and the engine of disclosure checks"


def sync(
    workshop: Workshop,
    places: Places,
    folder: Path,
    *,
    groups: Sequence[str] = (),
    project: Path = Path(),
    store: str = "uv",
) -> None:
    """Make `folder` an environment with exactly what the lock file of `project` says for these groups.

    `store` names the folder below TRE_HOME/cache that fetched packages are kept in and linked from.

    Compiled now, since the accounts that run it may not write there. Relocatable, since it gets its name when whole.
    """
    uv = places.uv / "bin" / "uv"
    env = _settings(places, folder, store)
    if not (folder / "pyvenv.cfg").exists():
        workshop.run([uv, "venv", "--quiet", "--relocatable", "--no-project", folder], env=env)
    workshop.run(
        [
            uv,
            "sync",
            "--project",
            project,
            "--frozen",
            "--no-install-project",
            "--compile-bytecode",
            "--quiet",
            *groups,
        ],
        env=env,
    )


def _settings(places: Places, folder: Path, store: str) -> dict[str, str]:
    return {
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR") or str(places.home / "cache" / store),
        "UV_PROJECT_ENVIRONMENT": str(folder),
        "UV_PYTHON": str(DEBIAN_PYTHON),
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_LINK_MODE": os.environ.get("UV_LINK_MODE", "hardlink"),
        "UV_HTTP_TIMEOUT": os.environ.get("UV_HTTP_TIMEOUT", "180"),
        "VIRTUAL_ENV": "",
    }


def _pinned_version(checkout: Path) -> str:
    lines = (checkout / UV_REQUIREMENTS).read_text().splitlines()
    return next(line.split("==")[1].split()[0] for line in lines if line.startswith("uv=="))
