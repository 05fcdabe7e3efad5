"""Owns the shipped dataset contracts (YAML), their JSON Schema, and the reading of both. Must never touch the data itself."""

from functools import cache
from pathlib import Path

from tre.data.contracts.reading import parse_contract
from tre.data.domain.contract import Contract
from tre.kernel.errors import NotFound

FOLDER = Path(__file__).parent


def read_contract(path: Path) -> Contract:
    """Return the contract in a file; raise `Invalid`, naming file, line and remedy, if it does not fit the schema."""
    return parse_contract(path.read_text(encoding="utf-8"), name=path.name)


@cache
def shipped_contract(dataset: str) -> Contract:
    """Return the shipped contract of `dataset`; raise `NotFound` if none ships."""
    path = FOLDER / f"{dataset}.yaml"
    if dataset not in shipped_datasets():
        raise NotFound(f"There is no contract for a dataset called {dataset}.", code="data.contract.not_found")
    return read_contract(path)


def shipped_datasets() -> tuple[str, ...]:
    """Return the ids of the datasets whose contracts ship, in order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
