"""Owns what a rule says about a cell or a whole output. Must never name a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Weight(StrEnum):
    """What a finding does to the verdict: unsafe and review set it, a note is only to be known."""

    UNSAFE = "unsafe"
    REVIEW = "review"
    NOTE = "note"


class Verdict(StrEnum):
    """The answer. Review: the engine cannot say; a person must look."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    REVIEW = "review"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that a rule found.

    Args:
        rule: its id, as `output-checking explain` takes it.
        figures: the numbers it went by.
        sentence: what was found.
        learns: what a reader of the output could learn.
        remedy: what can be done.
    """

    rule: str
    weight: Weight = Weight.UNSAFE
    figures: Mapping[str, float | int | str] = field(default_factory=dict)
    sentence: str
    learns: str
    remedy: str


def verdict_of(findings: "list[Finding]") -> Verdict:
    """Return the verdict that findings add up to; none at all is safe."""
    weights = {one.weight for one in findings}
    if Weight.UNSAFE in weights:
        return Verdict.UNSAFE
    return Verdict.REVIEW if Weight.REVIEW in weights else Verdict.SAFE
