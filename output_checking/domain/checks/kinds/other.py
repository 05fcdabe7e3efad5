"""Owns what is said of an output that no specification can express: that a person must look. Must never call it safe."""

from output_checking.domain.checks.finding import Finding, Weight
from output_checking.domain.checks.kinds.part import Part
from output_checking.domain.checks.specification.model import OtherSpec
from output_checking.domain.checks.specification.reading import KNOWN
from output_checking.domain.checks.suggestion import nearest

RULE = "unknown_kind"


def judge(spec: OtherSpec) -> Part:
    """Return the one finding."""
    found = Finding(
        rule=RULE,
        weight=Weight.REVIEW,
        figures={"kind": spec.kind},
        sentence=f"An output of the kind '{spec.kind}' cannot be judged by the engine.{nearest(spec.kind, KNOWN)}",
        learns="Unknown.",
        remedy=f"Hand in the table behind it, or explain it to the output checkers. Kinds that can be judged: {', '.join(KNOWN)}.",
    )
    return Part(cells=(), findings=(found,), records=0, persons=0)
