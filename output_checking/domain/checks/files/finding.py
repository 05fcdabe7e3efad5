"""Owns what a rule says about a file. Must never carry the value it is about: a finding is shown, stored and sent about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much it weighs.

    block: cannot be released as it is. warn: an output checker must give a reason for letting it pass. note: to be known.
    """

    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"

    @property
    def weight(self) -> int:
        """Return 3 for block, 2 for warn, 1 for note: for sorting."""
        return {Severity.BLOCK: 3, Severity.WARN: 2, Severity.NOTE: 1}[self]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that a rule found in one file.

    Args:
        rule: id of the rule, `small_counts.under_threshold`.
        sentence: what was found, in plain English, without the value itself where it may identify someone.
        remedy: what the researcher can do about it.
        row: data row in a table, 1 is the first below the header; line in a text; None for the whole file.
        column: name of the column, empty for the whole row or file.
        figures: the numbers that the rule went by (a count, the threshold).
    """

    severity: Severity
    rule: str
    sentence: str
    remedy: str
    row: int | None = None
    column: str = ""
    figures: Mapping[str, str | int | float] = field(default_factory=dict)


def worst(severities: "list[Severity] | tuple[Severity, ...]") -> Severity | None:
    """Return the heaviest of them, None where there are none."""
    return max(severities, key=lambda one: one.weight, default=None)
