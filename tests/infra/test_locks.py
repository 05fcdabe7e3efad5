"""Versions that are named in two places, since two tools read them, are the same in both."""

import json
import re
import tomllib

import pytest

from infra.setup.paths import CHECKOUT
from infra.setup.policy_server import is_new_enough


def locked(lock: str) -> dict[str, str]:
    """The version of each package in a uv lock file, by name."""
    return {
        package["name"]: package["version"]
        for package in tomllib.loads((CHECKOUT / lock).read_text())["package"]
        if "version" in package
    }


@pytest.mark.parametrize("package", ["jupyterhub", "duckdb", "pyarrow"])
def test_the_workspace_has_the_services_version(package: str) -> None:
    assert locked("uv.lock")[package] == locked("notebooks-image/uv.lock")[package]


def test_every_locked_python_file_has_a_hash() -> None:
    for lock in ("uv.lock", "notebooks-image/uv.lock"):
        for package in tomllib.loads((CHECKOUT / lock).read_text())["package"]:
            files = [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
            assert files or package["source"].keys() <= {"editable", "virtual"}, package["name"]
            assert all(file["hash"].startswith("sha256:") for file in files), package["name"]


def test_every_locked_node_package_has_a_hash_and_a_stated_version() -> None:
    lock = json.loads((CHECKOUT / "infra/node/package-lock.json").read_text())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
    stated = lock["packages"][""]["dependencies"] | lock["packages"][""]["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in stated.values())


def test_the_policy_servers_release_is_the_version_that_is_built() -> None:
    version = json.loads((CHECKOUT / "infra/opa/release.json").read_text())["version"]
    assert f"github.com/open-policy-agent/opa v{version} " in (CHECKOUT / "infra/opa/go.mod").read_text()


def test_the_installer_meets_the_projects_floor() -> None:
    floor = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["uv"]["required-version"]
    pinned = re.search(r"^uv==(\S+)", (CHECKOUT / "infra/setup/uv-requirements.txt").read_text(), re.MULTILINE)
    assert pinned is not None
    assert tuple(map(int, pinned.group(1).split("."))) >= tuple(map(int, floor.removeprefix(">=").split(".")))


@pytest.mark.parametrize(
    ("have", "wanted", "holds"),
    [
        ((1, 22, 2), "1.22.2", True),
        ((1, 30, 0), "1.22.2", True),
        ((1, 9, 0), "1.22.2", False),
        ((2, 0, 0), "1.22.2", False),
        (None, "1.22.2", False),
        ((1, 26, 8), "1.26.0", True),
    ],
)
def test_a_version_is_new_enough_within_its_major_version(
    have: tuple[int, ...] | None, wanted: str, holds: bool
) -> None:
    assert is_new_enough(have, wanted) is holds
