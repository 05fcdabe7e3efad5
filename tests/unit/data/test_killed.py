"""Killed with SIGKILL in the middle: the old version stays whole, the new one comes with the next run."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.loaded import AT, Loaded, quietly
from tre.data.contracts import shipped_contract
from tre.data.engine.folders import Folders, sha256_of
from tre.data.engine.ingest import Version, ingest
from tre.data.engine.made.write import write_hospital
from tre.data.engine.vault import open_vault

CHECKOUT = Path(__file__).resolve().parents[3]
LOAD = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from tre.data.contracts import shipped_contract
from tre.data.engine import ingest as module
from tre.data.engine.folders import Folders, sha256_of
from tre.data.engine.vault import open_vault
folders, when = Folders.under(Path(sys.argv[1])), sys.argv[2]
def progress(share, words):
    if words == when:
        os.kill(os.getpid(), signal.SIGKILL)
if when == "the last moment":
    Path.write_text = lambda *args, **kw: os.kill(os.getpid(), signal.SIGKILL)
with open_vault(folders.vault) as vault:
    module.ingest(shipped_contract("hospital"), folders.inbox / "hospital", folders=folders, vault=vault,
                  at=datetime.now(UTC), progress=progress)
"""


def state_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


@pytest.fixture
def first(empty: Folders) -> str:
    """A version that is in the store, and raw files of another in the inbox."""
    version = _load(empty, seed=1).version
    write_hospital(empty.inbox / "hospital", seed=2, size=300)
    return version


def _load(folders: Folders, *, seed: int) -> Version:
    write_hospital(folders.inbox / "hospital", seed=seed, size=300)
    with open_vault(folders.vault) as vault:
        contract = shipped_contract("hospital")
        return ingest(contract, folders.inbox / "hospital", folders=folders, vault=vault, at=AT, progress=quietly)


def _killed(folders: Folders, when: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD, folders.vault.parent, when],
        cwd=CHECKOUT,
        check=False,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
    )
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("when", ["loading persons", "loading diagnoses", "loading deaths", "the last moment"])
def test_a_load_killed_in_the_middle(empty: Folders, first: str, when: str) -> None:
    before = state_of(empty.store / "hospital")
    _killed(empty, when)
    assert state_of(empty.store / "hospital") == before
    numbers = _register(empty)
    second = _load(empty, seed=2)
    assert second.is_new
    assert second.version != first
    assert {key: value for key, value in state_of(empty.store / "hospital").items() if key.startswith(first)} == before
    assert numbers.items() <= _register(empty).items()
    assert not [path for path in (empty.store / "hospital").iterdir() if path.name.startswith(".")]


def test_what_was_loaded_before_the_kill_is_not_loaded_again(empty: Folders, first: str) -> None:
    """The load goes on where it was: tables that were whole are taken as they are, by their hash."""
    _killed(empty, "loading deaths")
    (part,) = [path for path in (empty.store / "hospital").iterdir() if path.name.startswith(".")]
    before = {path.name: path.stat().st_ino for path in part.glob("*.parquet")}
    assert "prescriptions.parquet" in before
    (part / "diagnoses.parquet").chmod(0o600)
    with (part / "diagnoses.parquet").open("ab") as file:
        file.write(b"altered")
    second = _load(empty, seed=2).version
    after = {path.name: path.stat().st_ino for path in empty.version("hospital", second).glob("*.parquet")}
    kept = {name for name, inode in before.items() if after[name] == inode}
    assert "persons.parquet" in kept
    shas = {
        one["file"]: one["sha256"]
        for one in json.loads((empty.version("hospital", second) / "manifest.json").read_text())["tables"]
    }
    assert {name: sha256_of(empty.version("hospital", second) / name) for name in shas} == shas


def test_killed_at_any_moment_whatever(empty: Folders, first: str) -> None:
    """SIGKILL after times that nobody chose: the old version or the new one, whole, and the load goes on in the end."""
    before = state_of(empty.store / "hospital" / first)
    for tenths in (3, 6, 8, 9, 10, 11, 12, 14, 17):
        process = subprocess.Popen(
            [sys.executable, "-c", LOAD, empty.vault.parent, "never"],
            cwd=CHECKOUT,
            env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
        )
        try:
            process.wait(tenths / 10)
        except subprocess.TimeoutExpired:
            process.kill()
        process.wait()
        versions = [path for path in (empty.store / "hospital").iterdir() if not path.name.startswith(".")]
        assert state_of(empty.store / "hospital" / first) == before
        assert all((path / "manifest.json").is_file() for path in versions)
    second = _load(empty, seed=2)
    assert state_of(empty.store / "hospital" / first) == before
    assert len(state_of(empty.version("hospital", second.version))) == 19
    assert not [path for path in (empty.store / "hospital").iterdir() if path.name.startswith(".")]


def test_a_version_is_read_only(empty: Folders, first: str) -> None:
    assert {path.stat().st_mode & 0o777 for path in empty.version("hospital", first).rglob("*") if path.is_file()} == {
        0o400
    }


def _register(folders: Folders) -> dict[int, int]:
    with open_vault(folders.vault) as vault:
        register = vault.register("nhs-number")
    return dict(zip(register.identifiers.tolist(), register.numbers.tolist(), strict=True))


def test_a_snapshot_that_was_killed_leaves_nothing_to_mount(loaded: Loaded, tmp_path: Path) -> None:
    plan = loaded.plan(datasets=("nhanes",))
    part = tmp_path / plan.project_id / f".{plan.version}.part"
    (part / "tables").mkdir(parents=True)
    (part / "tables/half.parquet").write_bytes(b"half")
    folder, _ = loaded.build(plan, snapshots=tmp_path)
    assert not part.exists()
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "tables", "views.duckdb"]
    assert [path.name for path in (folder / "tables").iterdir()] == ["respondents"]
