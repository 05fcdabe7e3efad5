"""The engine of disclosure checks is installed alone, without the service, and its command judges there."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from infra.setup.paths import CHECKOUT, places

ENGINE = Path("output_checking/domain/checks")
LEFT_OUT = ("fastapi", "sqlalchemy", "opa_client", "tre", "jupyterhub")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an environment that holds the engine's distribution and what it asks for."""
    folder = tmp_path_factory.mktemp("alone")
    _uv("build", "--wheel", "--out-dir", str(folder / "wheels"), str(CHECKOUT / ENGINE))
    (wheel,) = (folder / "wheels").glob("output_checking-*.whl")
    _uv("venv", "--python", "/usr/bin/python3", str(folder / "environment"))
    _uv("pip", "install", "--python", str(folder / "environment/bin/python"), str(wheel))
    return folder / "environment"


def _uv(*words: str) -> None:
    where = places()
    env = {
        **os.environ,
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR") or str(where.home / "cache/uv"),
        "VIRTUAL_ENV": "",
    }
    done = subprocess.run([where.uv / "bin/uv", *words], env=env, capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stderr


def _run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(cwd)}
    return subprocess.run([str(one) for one in words], cwd=cwd, env=clean, capture_output=True, text=True, check=False)


def test_the_command_judges_where_nothing_else_is_installed(alone: Path, tmp_path: Path) -> None:
    rows = "\n".join(f"p{one},{'ab'[one % 2]},{'cd'[one % 3 == 0]}" for one in range(60))
    (tmp_path / "people.csv").write_text(f"person,row,column\n{rows}\np99,c,c\n")
    (tmp_path / "spec.json").write_text(json.dumps({"rows": ["row"], "columns": ["column"]}))
    words = ["check", "people.csv", "--person", "person", "--spec", "spec.json", "--format", "json"]
    done = _run(alone / "bin/output-checking", *words, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    unsafe = [
        (one["row"], one["column"], one["persons"]) for one in json.loads(done.stdout)["cells"] if one["findings"]
    ]
    assert (["c"], ["c"], 1) in unsafe
    (tmp_path / "spec.json").write_text(json.dumps({"rows": ["row"], "filter": "row <> 'c'"}))
    assert _run(alone / "bin/output-checking", *words, cwd=tmp_path).returncode == 0


def test_nothing_of_the_service_comes_with_it(alone: Path, tmp_path: Path) -> None:
    code = f"import importlib.util as u; print([one for one in {LEFT_OUT!r} if u.find_spec(one)], bool(u.find_spec('output_checking.domain.checks.files')))"
    done = _run(alone / "bin/python", "-c", code, cwd=tmp_path)
    assert done.stdout.strip() == "[] False", done.stderr


def test_the_notebook_environment_has_it_installed_the_same_way(tmp_path: Path) -> None:
    done = _run(places().notebook / "bin/output-checking", "explain", "threshold", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Too few persons" in done.stdout
