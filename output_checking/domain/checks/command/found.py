"""Owns how findings are put together for people: those that say the same of several cells stand once. Must never leave one out."""

from collections import defaultdict
from dataclasses import dataclass

from output_checking.domain.checks.answer import Answer, JudgedCell
from output_checking.domain.checks.finding import Finding, Weight
from output_checking.domain.checks.rules.catalogue import CELL_RULES, OUTPUT_RULES

NAMES = {one.id: one.name for one in (*CELL_RULES, *OUTPUT_RULES)}
_ORDER = [Weight.UNSAFE, Weight.REVIEW, Weight.NOTE]


@dataclass(frozen=True)
class Place:
    """Where something was found; without a cell it is said of the whole output."""

    cell: JudgedCell | None
    sentence: str


@dataclass(frozen=True)
class Group:
    """Findings of one rule and weight, of which a reader could learn the same, with the same remedy.

    Args:
        finding: one of them.
        places: where, and what was found there; each once.
    """

    finding: Finding
    places: tuple[Place, ...]

    @property
    def name(self) -> str:
        """Return the rule's name for people, with its id as `explain` takes it."""
        return f"{NAMES.get(self.finding.rule, self.finding.rule)} [{self.finding.rule}]"

    @property
    def extent(self) -> str:
        """Return how many cells it is about."""
        cells = len({id(one.cell) for one in self.places if one.cell})
        return f"{cells:,} cell{'s' if cells > 1 else ''}" if cells else "the whole output"


def grouped(answer: Answer) -> list[Group]:
    """Return an answer's findings, unsafe ones first, each as often as it says something else."""
    found: dict[tuple[object, ...], dict[tuple[int, str], Place]] = defaultdict(dict)
    firsts: dict[tuple[object, ...], Finding] = {}
    said = [(None, one) for one in answer.findings] + [(cell, one) for cell in answer.cells for one in cell.findings]
    for cell, one in said:
        key = (_ORDER.index(one.weight), cell is not None, one.rule, one.learns, one.remedy)
        firsts.setdefault(key, one)
        found[key].setdefault((id(cell), one.sentence), Place(cell, one.sentence))
    return [Group(firsts[key], tuple(found[key].values())) for key in sorted(found, key=lambda key: key[:2])]
