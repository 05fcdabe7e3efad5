"""Owns the typed specification of each kind of output. Must never read JSON (reading.py) nor touch data."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from output_checking.domain.checks.specification.expression import Expression


class Statistic(StrEnum):
    """What stands in a cell of a table. OTHER is whatever the engine does not know: it is never called safe."""

    COUNT = "count"
    PERSONS = "persons"
    SUM = "sum"
    MEAN = "mean"
    MEDIAN = "median"
    QUANTILE = "quantile"
    MIN = "min"
    MAX = "max"
    MODE = "mode"
    STD = "std"
    VAR = "var"
    RATIO = "ratio"
    OTHER = "other"

    @property
    def is_frequency(self) -> bool:
        """Say whether the cell itself tells how many there are."""
        return self in {Statistic.COUNT, Statistic.PERSONS}

    @property
    def is_magnitude(self) -> bool:
        """Say whether each person adds to the cell what is theirs, so that the largest of them may stand out."""
        return self in {Statistic.SUM, Statistic.MEAN, Statistic.STD, Statistic.VAR, Statistic.RATIO}

    @property
    def is_extreme(self) -> bool:
        """Say whether the cell is the value of whoever is last in line."""
        return self in {Statistic.MIN, Statistic.MAX}

    @property
    def is_quantile(self) -> bool:
        """Say whether the cell is a cut through the ordered values."""
        return self in {Statistic.MEDIAN, Statistic.QUANTILE}


class Normalize(StrEnum):
    """What a count is shown as a share of."""

    NONE = ""
    ROW = "row"
    COLUMN = "column"
    ALL = "all"


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """A column that splits the records.

    Args:
        column: its name.
        edges: cut points of a banding, ascending; band i is [edges[i], edges[i+1]); None at either end is open. Empty
            where each value is a level of its own.
        merged: levels that are made one, each group with two at least; no level in two of them.
    """

    column: str
    edges: tuple[float | None, ...] = ()
    merged: tuple[tuple[str, ...], ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the names of the bands, in order; empty without a banding."""
        return tuple(map(_band_name, self.edges, self.edges[1:]))

    def behind(self, label: str) -> tuple[str, ...]:
        """Return the levels of the data that a level of the table is made of."""
        return next((group for group in self.merged if merged_name(group) == label), (label,))


def merged_name(levels: Sequence[str]) -> str:
    """Return what several levels that are made one are called."""
    return " + ".join(levels)


@dataclass(frozen=True, kw_only=True)
class Common:
    """What every kind has: a title for people, the records chosen, and the wish for a stricter appetite."""

    title: str = ""
    filter_text: str = ""
    chosen: Expression | None = None
    appetite: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TableSpec(Common):
    """A table: one cell for each level of the rows crossed with each level of the columns.

    Args:
        statistic_name: as it was written, where `statistic` is OTHER.
        probability: of a quantile, 0 to 1; 0.5 for the median.
        margins: row totals, column totals and the grand total are part of the output.
        suppressed: cells that the output does not show, each by its row's and its column's levels.
        rounding: what the counts are rounded to, as `remedies.rounding` names it; empty where they are not.
        noise: how far noise has moved a count at most; 0 where it has not.
    """

    rows: tuple[Dimension, ...] = ()
    columns: tuple[Dimension, ...] = ()
    statistic: Statistic = Statistic.COUNT
    statistic_name: str = ""
    measure: str = ""
    denominator: str = ""
    probability: float = 0.5
    weight: str = ""
    normalize: Normalize = Normalize.NONE
    margins: bool = False
    suppressed: frozenset[tuple[tuple[str, ...], tuple[str, ...]]] = frozenset()
    rounding: str = ""
    noise: int = 0

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Return rows, then columns."""
        return self.rows + self.columns

    @property
    def sums_amounts(self) -> bool:
        """Say whether each person adds an amount to a cell, of their own or a weight, so that the largest may stand out."""
        return self.statistic.is_magnitude or bool(self.weight)


@dataclass(frozen=True, kw_only=True)
class HistogramSpec(Common):
    """A histogram: `bins` of equal width from the least to the greatest value, or the given `edges`."""

    measure: str
    by: tuple[Dimension, ...] = ()
    bins: int = 0
    edges: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ScatterSpec(Common):
    """A scatter plot: one point for each record."""

    x: str
    y: str


@dataclass(frozen=True, kw_only=True)
class BoxSpec(Common):
    """A box plot: whiskers `tukey` (1.5 times the box), `range` (least and greatest) or at two probabilities."""

    measure: str
    by: tuple[Dimension, ...] = ()
    whiskers: str | tuple[float, float] = "tukey"
    outliers: bool = True


@dataclass(frozen=True, kw_only=True)
class SurvivalSpec(Common):
    """A Kaplan-Meier curve or life table.

    Args:
        time, event: columns; event is 0 or 1 (or false and true).
        times: points in time at which the curve is given; empty where every event makes its own step.
        at_risk: the number at risk is part of the output.
    """

    time: str
    event: str
    by: tuple[Dimension, ...] = ()
    times: tuple[float, ...] = ()
    at_risk: bool = True


@dataclass(frozen=True, kw_only=True)
class Term:
    """A term of a model: one column, or several multiplied; `categorical` ones become an indicator for each level but one."""

    columns: tuple[str, ...]
    categorical: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class RegressionSpec(Common):
    """A fitted model.

    Args:
        model: `linear`, `logistic`, `poisson` or `cox`.
        outcome: column; for Cox the time, with `event`.
        terms: the design, without the constant.
        nested: further models of the same output, each a set of terms (by their place in `terms`) on the records that
            are complete for it.
        residuals: residuals or fitted values are part of the output.
    """

    model: str
    outcome: str
    terms: tuple[Term, ...]
    event: str = ""
    constant: bool = True
    nested: tuple[tuple[Term, ...], ...] = ()
    residuals: bool = False


@dataclass(frozen=True, kw_only=True)
class OtherSpec(Common):
    """Whatever cannot be said in a specification: always for a person to judge."""

    kind: str
    description: str = ""


Specification = TableSpec | HistogramSpec | ScatterSpec | BoxSpec | SurvivalSpec | RegressionSpec | OtherSpec


def _band_name(low: float | None, high: float | None) -> str:
    if low is None:
        return f"under {number_name(high)}"
    return f"{number_name(low)} and over" if high is None else f"{number_name(low)} to under {number_name(high)}"


def number_name(value: float | None) -> str:
    """Return a number as a level's name has it: whole ones without a point, others with all their digits."""
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
