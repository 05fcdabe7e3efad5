"""Owns what a rule is: its name, formula, source, default and examples worked out by hand. Must never hold a rule itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.evidence.cells import Cell, Contributions, Line, Tail
from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.specification.model import Statistic, TableSpec

# amounts of hundredths add up to the bound itself only but for the last bits of a number
LAST_BITS = 1e-12


@dataclass(frozen=True, kw_only=True)
class Case:
    """One cell to be judged: its evidence, the output it is part of, the appetite that applies."""

    cell: Cell
    spec: TableSpec = field(default_factory=TableSpec)
    appetite: Appetite = field(default_factory=Appetite)

    @property
    def amounts(self) -> Iterator[tuple[str, Contributions]]:
        """Yield what persons add to it, each with its name: measure, denominator, weights."""
        below = "denominator" if self.spec.denominator else "weights"
        # a weighted count adds up the weights of those who have a value, and nothing else
        above = None if self.spec.statistic.is_frequency else self.cell.measure
        yield from ((name, part) for name, part in (("measure", above), (below, self.cell.denominator)) if part)


@dataclass(frozen=True, kw_only=True)
class Vector:
    """An example worked out by hand.

    Args:
        told: the cell in words.
        worked: the formula with its figures.
        case: the same as evidence.
        is_found: whether the rule must find it.
    """

    told: str
    worked: str
    case: Case
    is_found: bool


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule.

    Args:
        id: as it stands in a finding.
        formula: when a cell is unsafe.
        default: the figures that apply when the appetite says nothing else.
        source: where the rule comes from.
        meaning: why, for a researcher.
        applies: whether it has anything to say on an output of this kind.
        judge: yields what it finds in one cell.
        vectors: examples.
    """

    id: str
    name: str
    formula: str
    default: str
    source: str
    meaning: str
    applies: Callable[[TableSpec], bool]
    judge: Callable[[Case], Iterator[Finding]]
    vectors: tuple[Vector, ...]


def people(count: int) -> str:
    """Return a number of persons in words."""
    return f"{count:,} person" if count == 1 else f"{count:,} persons"


def contributed(*amounts: float, records: int = 0) -> Contributions:
    """Return the contributions of persons who have one record each, for an example."""
    largest = sorted((abs(one) for one in amounts), reverse=True)
    return Contributions(
        holders=len(amounts),
        records=records or len(amounts),
        total=sum(amounts),
        absolute=sum(largest),
        largest=(*largest[:10], 0.0, 0.0),
        zeros=sum(one == 0 for one in amounts),
        negatives=sum(one < 0 for one in amounts),
        low=min(amounts, default=None),
        high=max(amounts, default=None),
        is_indicator=all(one in {0, 1} for one in amounts),
        weight=float(len(amounts)),
    )


def example(
    statistic: Statistic = Statistic.COUNT,
    *,
    persons: int = 0,
    amounts: Sequence[float] = (),
    tail: Tail | None = None,
    line: Line | None = None,
    below: Sequence[float] = (),
) -> Case:
    """Return a case for a vector.

    Args:
        amounts: what each person adds; `persons` is their number where nothing else is given.
        below: the same of a denominator.
    """
    cell = Cell(
        row=("a",),
        column=("b",),
        persons=persons or len(amounts),
        records=persons or len(amounts),
        value=None,
        measure=contributed(*amounts) if amounts else None,
        denominator=contributed(*below) if below else None,
        tail=tail,
        lines=(line,) if line else (),
    )
    return Case(cell=cell, spec=TableSpec(statistic=statistic, measure="x" if amounts else ""))
