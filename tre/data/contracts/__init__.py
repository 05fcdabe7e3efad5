"""Owns the dataset contracts (YAML), shipped and of the installation, their JSON Schema, and the reading of both.

Must never touch the data itself.
"""

from functools import cache
from pathlib import Path

from tre.data.contracts.reading import parse_contract, parse_shipped
from tre.data.domain.contract import Contract
from tre.kernel.errors import Invalid, NotFound
from tre.plumbing.config import Config

FOLDER = Path(__file__).parent


def read_contract(path: Path) -> Contract:
    """Return the contract in a file; raise `Invalid`, naming file, line, column and remedy, if there is a fault in it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        sentence = f"{path.name} cannot be read as text: give the path of a contract in YAML, in UTF-8."
        raise Invalid({path.name: sentence}, code="data.contract.unreadable") from error
    return parse_contract(text, name=path.name)


def known_contract(dataset: str) -> Contract:
    """Return the contract of `dataset`: the installation's own where there is one, else the one that ships.

    Raises:
        NotFound: there is neither.
        Invalid: the installation's own has a fault.
    """
    path = _own().get(dataset)
    if path is None:
        return shipped_contract(dataset)
    about = path.stat()
    return _read_own(path, about.st_mtime_ns, about.st_size)


def known_datasets() -> tuple[str, ...]:
    """Return the ids of the datasets that have a contract here, in order; one with a fault is left out: `check` tells it."""
    own = _own()
    return tuple(sorted(name for name in {*shipped_datasets(), *own} if name not in own or _is_sound(name)))


@cache
def shipped_contract(dataset: str) -> Contract:
    """Return the shipped contract of `dataset`; raise `NotFound` if none ships."""
    path = FOLDER / f"{dataset}.yaml"
    if dataset not in shipped_datasets():
        raise NotFound(f"There is no contract for a dataset called {dataset}.", code="data.contract.not_found")
    return parse_shipped(path.read_text(encoding="utf-8"))


def shipped_datasets() -> tuple[str, ...]:
    """Return the ids of the datasets whose contracts ship, in order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def _own() -> dict[str, Path]:
    """Return dataset to file of the installation's own contracts."""
    return {path.stem: path for path in Config().contracts_folder.glob("*.yaml")}


@cache
def _read_own(path: Path, _changed: int, _size: int) -> Contract:
    """Return the contract in a file of that age and size: a file that was changed is read anew."""
    contract = read_contract(path)
    if contract.dataset != path.stem:
        sentence = f"The file is called {path.name} and its dataset {contract.dataset}: give both the same name."
        raise Invalid({path.name: sentence}, code="data.contract.misnamed")
    return contract


def _is_sound(dataset: str) -> bool:
    try:
        known_contract(dataset)
    except Invalid:
        return False
    return True
