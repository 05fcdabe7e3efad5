"""Owns the making of a person's workspace folder. Must never write into one that a researcher has already had in hand:
whoever owns a folder can put a link where root is about to write.
"""

import os
import shutil
import tempfile
from pathlib import Path

from tre.hub import first_notebooks
from tre.kernel.errors import Unavailable
from tre.kernel.plan import MountPlan

FIRST_NOTEBOOKS = "first"


def prepare(plan: MountPlan, image: Path) -> Path:
    """Return the workspace folder of `plan`; make it, with the first notebooks, where it is missing.

    It belongs to the project's account and no other account may enter it. It is filled under another name and then
    renamed, so that a broken attempt leaves nothing behind and nothing is ever put into it twice.

    Raises:
        Unavailable: it exists and belongs to another account.
    """
    folder = Path(plan.workspace_dir)
    if not folder.exists():
        folder.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        _fill_and_rename(folder, image / FIRST_NOTEBOOKS, plan)
    expected = plan.project_uid if os.geteuid() == 0 else os.geteuid()
    if folder.is_symlink() or folder.stat().st_uid != expected:
        raise Unavailable("The workspace folder belongs to another account: ask the operator.")
    return folder


def _fill_and_rename(folder: Path, templates: Path, plan: MountPlan) -> None:
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        first_notebooks.lay_out(templates, Path(plan.snapshot_dir), fresh)
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
            if os.geteuid() == 0:
                os.chown(path, plan.project_uid, plan.project_uid, follow_symlinks=False)
        fresh.rename(folder)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)
        if not folder.exists():  # else another start was quicker, and its folder is as good
            raise
