"""Owns the lists that ship beside the contracts: the terms of the Data Use Ontology, and geographies. Must never hold data."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tre.data.domain.contract import Geography

FOLDER = Path(__file__).parent


@cache
def duo_labels() -> Mapping[str, str]:
    """Return code to label of each term of the GA4GH Data Use Ontology that permits or limits a use."""
    return dict(_read("duo")["terms"])


@cache
def shipped_geographies() -> Mapping[str, Geography]:
    """Return name to lookup of each geography that ships."""
    found = [geography_of(one) for one in _read("geographies")["geographies"]]
    return {one.name: one for one in found}


def geography_of(values: Mapping[str, Any]) -> Geography:
    """Return a lookup from its YAML, which fits the schema."""
    return Geography(
        name=values["name"],
        meaning=values["meaning"],
        key=values["key"],
        areas={area: tuple(codes) for area, codes in values["areas"].items()},
        elsewhere=values.get("elsewhere", ""),
    )


def _read(name: str) -> Any:
    return yaml.load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
