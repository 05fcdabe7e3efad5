"""Owns the risk appetite: the thresholds as data, and that a specification may only be stricter. Must never be loosened by an output."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, cast

from output_checking.domain.checks import schemas
from output_checking.domain.checks.refusal import CannotJudge

EMPTY = ("structural", "known", "disclosive")
WEIGHTS = ("note", "review", "unsafe")
# how each figure is ordered: 1 where more is stricter, -1 where less is
_STRICTER = {
    "threshold": 1,
    "dominance_persons": 1,
    "dominance_share": -1,
    "p_percent": 1,
    "class_share": -1,
    "residual_degrees": 1,
}
_RANKS = {"empty_cells": EMPTY, "quantile_values": WEIGHTS}


@dataclass(frozen=True, kw_only=True)
class Appetite:
    """What is held against the evidence.

    Args:
        version: which edition this is; stands in every answer.
        threshold: fewest persons.
        dominance_persons, dominance_share: n and k of the (n,k) rule, k as a share.
        p_percent: p of the p % rule, in percent.
        class_share: from which share of its row or column on a cell is nearly all of it.
        residual_degrees: fewest residual degrees of freedom.
        empty_cells: `structural`, `known` or `disclosive`.
        quantile_values: what a quantile that is one person's value weighs: `note`, `review` or `unsafe`.

    Sources: ACRO 1.0.2 default.yaml (10, (2, 90 %), 10 %, 10 degrees of freedom); SDC Handbook (2019) on class disclosure.
    """

    version: str = "default"
    threshold: int = 10
    dominance_persons: int = 2
    dominance_share: float = 0.90
    p_percent: float = 10.0
    class_share: float = 0.90
    residual_degrees: int = 10
    empty_cells: str = "disclosive"
    quantile_values: str = "note"

    def as_json(self) -> dict[str, Any]:
        """Return it as it stands in an answer and in a file."""
        return {"schema": "1", **asdict(self)}

    def made_stricter(self, wish: Mapping[str, object]) -> "Appetite":
        """Return the appetite with a specification's wishes.

        Raises:
            CannotJudge: `appetite.looser` when a wish is looser than this appetite; `appetite.malformed`.
        """
        schemas.check("appetite", dict(wish), called="The appetite in the specification")
        wished = {name: value for name, value in wish.items() if name not in {"schema", "version"}}
        looser = [name for name, value in wished.items() if _rank(name, value) < _rank(name, getattr(self, name))]
        if looser:
            raise CannotJudge(
                f"The specification asks for a looser risk appetite than applies: {', '.join(sorted(looser))}. "
                "It may only be stricter.",
                code="appetite.looser",
            )
        return replace(self, **_typed(wished))


def read_appetite(given: object) -> Appetite:
    """Return the appetite read from JSON; what it does not name has its default.

    Raises:
        CannotJudge: `appetite.malformed`.
    """
    if isinstance(given, Mapping) and any(one != one for one in given.values()):  # noqa: PLR0124 - only NaN differs from itself
        raise CannotJudge("The risk appetite holds a number that is none (NaN).", code="appetite.malformed")
    schemas.check("appetite", given, called="The risk appetite")
    known = {one.name for one in fields(Appetite)}
    return Appetite(**_typed({name: value for name, value in cast("dict[str, Any]", given).items() if name in known}))


def _rank(name: str, value: object) -> float:
    if name in _RANKS:
        return _RANKS[name].index(str(value))
    return _STRICTER[name] * float(cast("float", value))


def _typed(given: Mapping[str, object]) -> dict[str, Any]:
    """Return figures as their defaults are: 30.0 is a whole number to JSON, yet no number of persons."""
    whole = {one.name for one in fields(Appetite) if isinstance(one.default, int)}
    return {name: int(cast("float", value)) if name in whole else value for name, value in given.items()}
