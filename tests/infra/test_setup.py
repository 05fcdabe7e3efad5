"""Set-up as a person meets it: nothing to do the second time, a failure that names itself, work that is taken up again."""

import os
import re
import subprocess
import time
from pathlib import Path

import pytest

from infra.setup import paths

CHECKOUT = paths.CHECKOUT
NOWHERE = "http://127.0.0.1:9"


def _run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words, cwd=CHECKOUT, env=dict(os.environ) | variables, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_second_run_does_nothing_within_a_second_and_without_a_network() -> None:
    home = paths.home()
    assert _run("infra/setup/run", "--tests").returncode == 0
    before = {made.name: made.stat().st_mtime_ns for made in home.iterdir()}
    seconds = []
    for _ in range(3):
        begun = time.monotonic()
        ended = _run("infra/setup/run", "--tests", HTTPS_PROXY=NOWHERE, PIP_INDEX_URL=NOWHERE, GOPROXY="off")
        seconds.append(time.monotonic() - begun)
        assert ended.returncode == 0, ended.stderr
        assert re.fullmatch(r"Set-up: all \d+ pieces are in .*\n", ended.stdout)
    assert {made.name: made.stat().st_mtime_ns for made in home.iterdir()} == before
    assert min(seconds) < 1.0


def test_a_piece_that_cannot_be_had_names_itself_and_says_what_to_do(tmp_path: Path) -> None:
    cut_off = {"PIP_INDEX_URL": NOWHERE, "PIP_RETRIES": "0", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": "/dev/null"}
    ended = _run("infra/setup/run", TRE_HOME=str(tmp_path), **cut_off)
    assert ended.returncode == 1
    assert "Set-up stopped at [1/6] package installer" in ended.stderr
    assert "What to do:" in ended.stderr
    assert str(tmp_path / "logs") in ended.stderr
    assert not [made for made in tmp_path.iterdir() if made.name.startswith("uv-") and made.suffix != ".part"]


def test_a_place_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = _run("infra/setup/run", TRE_HOME=str(tmp_path / "file" / "tre"))
    assert ended.returncode == 1
    assert "Set-up cannot write" in ended.stderr
    assert "TRE_HOME=" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_make_alone_lists_every_target() -> None:
    text = (CHECKOUT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    listed = re.findall(r"^  make (\S+) +\S", _run("make").stdout, re.MULTILINE)
    assert sorted(listed) == sorted(phony.group(1).split())


def test_the_places_are_there_and_the_service_accounts_may_read_them() -> None:
    for name, path in paths.places().variables().items():
        assert path.exists(), name
        assert path.stat().st_mode & 0o004, f"{name} is not readable by all"
        for folder in path.parents:
            if folder.is_relative_to(paths.home()):
                assert folder.stat().st_mode & 0o001, f"{folder} cannot be entered by all"


def test_where_spark_builds_snapshots_the_service_has_an_environment_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = paths.places()
    monkeypatch.setenv("TRE_SNAPSHOT_ENGINE", "spark")
    assert paths.places().service == usual.service.with_name(f"{usual.service.name}-spark")
    assert paths.places().test == usual.test


@pytest.mark.parametrize("name", ["TRE_PYTHON", "TRE_TEST_PYTHON"])
def test_the_interpreters_are_debians(name: str) -> None:
    ran = _run(str(paths.places().variables()[name]), "-c", "import sys; print(sys.base_prefix)")
    assert ran.stdout.strip() == "/usr"


def test_the_shell_reads_the_same_places_as_python() -> None:
    told = _run("bash", "-c", 'eval "$(infra/setup/paths.py --export)"; env')
    lines = set(told.stdout.splitlines())
    assert {f"{name}={path}" for name, path in paths.places().variables().items()} <= lines
