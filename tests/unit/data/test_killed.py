"""Killed with SIGKILL in the middle: the old version stays whole, the new one comes with the next run."""

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.loaded import AT, Loaded, quietly
from tre.data.contracts import shipped_contract
from tre.data.engine.folders import Folders
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
from tre.data.engine.folders import Folders
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


@pytest.mark.parametrize("when", ["loading persons", "loading diagnoses", "loading deaths", "the last moment"])
def test_a_load_killed_in_the_middle(empty: Folders, first: str, when: str) -> None:
    before = state_of(empty.store / "hospital")
    done = subprocess.run(
        [sys.executable, "-c", LOAD, empty.vault.parent, when],
        cwd=CHECKOUT,
        check=False,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
    )
    assert done.returncode == -signal.SIGKILL
    assert state_of(empty.store / "hospital") == before
    numbers = _register(empty)
    second = _load(empty, seed=2)
    assert second.is_new
    assert second.version != first
    assert {key: value for key, value in state_of(empty.store / "hospital").items() if key.startswith(first)} == before
    assert numbers.items() <= _register(empty).items()
    assert not [path for path in (empty.store / "hospital").iterdir() if path.name.startswith(".")]


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
