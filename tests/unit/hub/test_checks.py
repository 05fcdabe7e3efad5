"""The hub does not start where it cannot hold a session, and says why."""

import json
from pathlib import Path

import pytest

from tre.hub import checks
from tre.hub.limits import Limits
from tre.kernel.errors import Unavailable


def test_a_machine_that_can_is_told_by_its_bubblewrap() -> None:
    assert checks.check_sandbox().startswith("bubblewrap ")


def test_without_bubblewrap_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="apt install bubblewrap"):
        checks.check_sandbox()


def test_without_namespaces_it_gives_the_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    broken.chmod(0o755)
    tmp_path.chmod(0o755)
    for folder in tmp_path.parents:
        if str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(Unavailable, match="No permissions to create new namespace"):
        checks.check_sandbox()


def test_the_cure_names_the_switch_that_is_off(tmp_path: Path) -> None:
    (tmp_path / "kernel").mkdir()
    (tmp_path / "kernel/unprivileged_userns_clone").write_text("0\n")
    (tmp_path / "kernel/apparmor_restrict_unprivileged_userns").write_text("1\n")
    cure = checks.advice(tmp_path)
    assert "unprivileged_userns_clone=1" in cure
    assert "AppArmor" in cure
    assert "ordinary accounts" in checks.advice(tmp_path / "none")


def test_the_health_page_can_read_what_is_in_force(tmp_path: Path) -> None:
    checks.tell_limits(tmp_path / "limits.json", Limits(tree=None, root=False), "bubblewrap 0.8.0")
    told = json.loads((tmp_path / "limits.json").read_text())
    assert told["sandbox"] == "bubblewrap 0.8.0"
    assert "RLIMIT_AS" in told["memory"]
    assert (tmp_path / "limits.json").stat().st_mode & 0o777 == 0o644
