"""The state folder: whose folders and secrets they are, that a second start changes nothing, and the copy of the code."""

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.setup.paths import CHECKOUT
from tests.house.installation_folder import own_config
from tre.entrypoints.supervise import folders, keys, release, tower
from tre.entrypoints.supervise.programs import Programs, find_programs
from tre.plumbing.config import Config

PROGRAMS: Programs = find_programs(os.environ)


@pytest.fixture(scope="module")
def prepared() -> Iterator[Config]:
    """An installation whose state is ready."""
    with own_config() as config:
        tower.prepare(config, PROGRAMS)
        yield config


def _look(state: Path) -> dict[str, tuple[int, int, int, bytes]]:
    listed = [path for name in ("secrets", "idp", "db") for path in (state / name).iterdir()]
    return {
        str(path): (path.stat().st_mode, path.stat().st_uid, path.stat().st_gid, path.read_bytes())
        for path in listed
        if path.is_file()
    }


def test_a_second_preparation_changes_nothing(prepared: Config) -> None:
    before, made = _look(prepared.state), (prepared.state / "release").stat().st_ino
    tower.prepare(prepared, PROGRAMS)
    assert _look(prepared.state) == before
    assert (prepared.state / "release").stat().st_ino == made
    assert len(before) == 15


def test_nobody_else_reads_a_secret(prepared: Config) -> None:
    for folder in ("secrets", "idp"):
        for path in (prepared.state / folder).iterdir():
            allowed = {"bundle_key.pub": 0o644, "opa_token": 0o640}.get(path.name, 0o600)
            assert stat.S_IMODE(path.stat().st_mode) == allowed, path


def test_secrets_are_long_and_all_different(prepared: Config) -> None:
    texts = [prepared.secret(secret.name) for secret in keys.SECRETS]
    assert len(set(texts)) == len(texts)
    assert {len(text) for text in texts} == {64}
    assert (
        prepared.secret("hub_client")
        == (prepared.state / "idp/oidc_hub_secret").read_text()
        == prepared.secret("oidc_hub_secret")
    )
    assert prepared.secret("hub_portal_token") == prepared.secret("portal_hub_token")


def test_folders_are_as_the_table_says(prepared: Config) -> None:
    for folder in folders.FOLDERS:
        found = (prepared.state / folder.path).stat()
        assert stat.S_IMODE(found.st_mode) == folder.mode, folder.path
        if os.geteuid() == 0:
            assert (found.st_uid, found.st_gid) == folder.owner.ids(), folder.path


def test_a_folder_that_was_opened_is_closed_again() -> None:
    with own_config() as config:
        folders.make_folders(config.state) if os.geteuid() else tower.prepare(config, PROGRAMS)
        (config.state / "vault").chmod(0o777)
        folders.make_folders(config.state)
        assert stat.S_IMODE((config.state / "vault").stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("account", "path", "readable"),
    [("tre-portal", "secrets/plan_key", True), ("tre-portal", "secrets/bundle_key", False), ("tre-portal", "secrets/opa_token", True),
     ("tre-portal", "secrets/oidc_hub_secret", False), ("tre-portal", "vault", False), ("tre-portal", "store", False), ("tre-portal", "idp", False),
     ("tre-broker", "secrets/opa_token", True), ("tre-broker", "secrets/plan_key", False), ("tre-broker", "vault", True), ("tre-broker", "db", True),
     ("tre-broker", "shelf", False), ("tre-idp", "secrets/session_secret", False), ("tre-idp", "secrets/opa_token", False), ("tre-idp", "db", False),
     ("tre-opa", "db", False), ("tre-opa", "secrets/plan_key", False), ("tre-opa", "run/opa", True), ("tre-idp", "release/infra/idp/server.mjs", True),
     ("nobody", "release/tre/__init__.py", True), ("nobody", "secrets/proxy_token", False), ("nobody", "db", False)],
)  # fmt: skip
def test_what_each_account_reads(prepared: Config, account: str, path: str, readable: bool) -> None:
    if os.geteuid() != 0:
        assert (prepared.state / path).exists()  # one account: there is nothing to tell apart
        return
    tried = subprocess.run(["setpriv", f"--reuid={account}", f"--regid={account if account != 'nobody' else 'nogroup'}", "--init-groups",
                            "ls" if (prepared.state / path).is_dir() else "cat", str(prepared.state / path)], capture_output=True, check=False)  # fmt: skip
    assert (tried.returncode == 0) is readable


def test_the_copy_of_the_code_follows_the_checkout(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for name, text in {
        "tre/__init__.py": "",
        "tre/a.py": "A = 1",
        "infra/x.sh": "true",
        "output_checking/__init__.py": "",
        "tests/t.py": "",
        ".env": "S=1",
    }.items():
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_text(text)
    (checkout / "infra/x.sh").chmod(0o700)
    state = tmp_path / "state"
    state.mkdir()
    made = release.make_release(checkout, state, PROGRAMS)
    assert {str(path.relative_to(made)) for path in made.rglob("*") if path.is_file() and path.suffix != ".pyc" and "node_modules" not in str(path)} == {
        "RELEASE", "tre/__init__.py", "tre/a.py", "infra/x.sh", "output_checking/__init__.py"}  # fmt: skip
    assert stat.S_IMODE((made / "infra/x.sh").stat().st_mode) == 0o755
    (checkout / "tre/a.py").write_text("A = 2")
    (checkout / "infra/x.sh").unlink()
    release.make_release(checkout, state, PROGRAMS)
    assert (made / "tre/a.py").read_text() == "A = 2"
    assert not (made / "infra/x.sh").exists()
    assert sorted(path.name for path in state.iterdir()) == ["release"]


def test_the_copy_holds_no_secret_and_no_state(prepared: Config) -> None:
    assert {path.name for path in (prepared.state / "release").iterdir()} <= {
        "tre", "output_checking", "infra", "notebooks-image", "pyproject.toml", "uv.lock", "node_modules", "RELEASE"}  # fmt: skip
    assert (prepared.state / "release/tre/kernel/ids.py").read_bytes() == (CHECKOUT / "tre/kernel/ids.py").read_bytes()
