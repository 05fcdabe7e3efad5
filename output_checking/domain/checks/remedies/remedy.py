"""Owns what a remedy is. Must never say that it is safe: its answer does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.finding import Verdict

Judge = Callable[[Mapping[str, Any]], Answer]


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """One remedy and what came of it.

    Args:
        name: what it is.
        how: how it was chosen, and its warnings.
        spec: of the treated output.
        answer: what the checks say of it.
        loss: share of the table that is lost, 0 to 1.
    """

    name: str
    how: str
    spec: Mapping[str, Any]
    answer: Answer
    loss: float

    @property
    def is_safe(self) -> bool:
        """Say whether the checks pass it."""
        return self.answer.verdict is Verdict.SAFE
