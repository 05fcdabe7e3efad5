"""A workspace folder is made once, whole, for the project's account; the first notebooks are those that fit."""

import json
import os
from pathlib import Path

import pytest

from tests.house.installation import CHECKOUT
from tre.hub import first_notebooks, workspace
from tre.kernel.errors import Unavailable
from tre.kernel.plan import MountPlan

IMAGE = CHECKOUT / "notebooks-image"
UID = 70_123 if os.geteuid() == 0 else os.geteuid()
MANIFEST = {
    "tables": [
        {
            "name": "respondents",
            "meaning": "One row | per person",
            "rows": 8366,
            "persons": 8366,
            "columns": [
                {"name": name, "meaning": f"Meaning of\n{name}", "unit": "mmHg", "coding": ""}
                for name in ("RIAGENDR", "RIDAGEYR", "BPXSY1", "BPXSY2", "BPXSY3")
            ],
        }
    ]
}


@pytest.fixture
def plan(tmp_path: Path) -> MountPlan:
    """A plan whose snapshot is there and whose workspace is not."""
    (tmp_path / "snapshot").mkdir()
    (tmp_path / "snapshot/manifest.json").write_text(json.dumps(MANIFEST))
    folder = tmp_path / "workspaces/p-aaaaaa/amina"
    return MountPlan(
        session_id="s", person_id="amina", project_id="p-aaaaaa", project_uid=UID, snapshot_dir=str(tmp_path / "snapshot"),
        workspace_dir=str(folder), session_token="t", memory_bytes=1, processes=1, cpus=1.0, expires_at=1,
    )  # fmt: skip


def test_it_belongs_to_the_project_and_nobody_else_enters(plan: MountPlan) -> None:
    folder = workspace.prepare(plan, IMAGE)
    for path in (folder, *folder.rglob("*")):
        assert path.stat().st_uid == UID
        assert path.stat().st_mode & 0o077 == 0


def test_what_fits_the_data_is_laid_out(plan: MountPlan) -> None:
    folder = workspace.prepare(plan, IMAGE)
    found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.ipynb"))
    assert found == ["examples/blood-pressure.ipynb", "welcome.ipynb"]
    cells = json.loads((folder / "welcome.ipynb").read_text())["cells"]
    text = "".join("".join(cell["source"]) for cell in cells)
    assert "### respondents" in text
    assert "8,366 rows" in text
    assert "| `BPXSY1` | Meaning of BPXSY1 | mmHg |" in text
    assert len({cell["id"] for cell in cells}) == len(cells)


def test_it_is_filled_only_once(plan: MountPlan) -> None:
    folder = workspace.prepare(plan, IMAGE)
    (folder / "welcome.ipynb").unlink()
    workspace.prepare(plan, IMAGE)
    assert not (folder / "welcome.ipynb").exists()


def test_a_broken_attempt_leaves_nothing(plan: MountPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(first_notebooks, "lay_out", fail)
    with pytest.raises(OSError, match="no space"):
        workspace.prepare(plan, IMAGE)
    assert list(Path(plan.workspace_dir).parent.iterdir()) == []


def test_a_link_in_its_place_is_refused(plan: MountPlan, tmp_path: Path) -> None:
    folder = Path(plan.workspace_dir)
    folder.parent.mkdir(parents=True)
    folder.symlink_to(tmp_path)
    with pytest.raises(Unavailable, match="another account"):
        workspace.prepare(plan, IMAGE)


def test_another_accounts_folder_is_refused(plan: MountPlan) -> None:
    folder = Path(plan.workspace_dir)
    folder.mkdir(parents=True)
    if os.geteuid() != 0:
        folder.rmdir()
        folder.symlink_to("/")
    with pytest.raises(Unavailable, match="another account"):
        workspace.prepare(plan, IMAGE)


def test_every_template_is_a_notebook_whose_needs_can_be_read() -> None:
    for template in IMAGE.rglob("*.ipynb"):
        notebook = json.loads(template.read_text())
        assert notebook["nbformat"] == 4
        assert all(not cell.get("outputs") for cell in notebook["cells"]), "committed notebooks hold no outputs"
