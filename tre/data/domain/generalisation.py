"""Owns the ways in which a column is made coarser, and which types each takes and gives. Must never hold SQL."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Scalar = str | int | float

ITSELF = "*"
"""Of a geography: a code that is in no area stands for itself."""


class ColumnType(StrEnum):
    """Type of the values as they come."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    TIMESTAMP = "timestamp"


NUMBERS = (ColumnType.INTEGER, ColumnType.DECIMAL)
MOMENTS = (ColumnType.DATE, ColumnType.TIMESTAMP)


class Rule(StrEnum):
    """How a column is generalised."""

    YEAR = "year"
    MONTH = "month"
    AGE_BAND = "age band"
    DATE_SHIFT = "date shift"
    OUTWARD_POSTCODE = "outward postcode"
    GEOGRAPHY = "geography"
    ROUNDING = "rounding"
    RECODE = "recode table"


RULE_TYPES: Mapping[Rule, tuple[ColumnType, ...]] = {
    Rule.YEAR: MOMENTS,
    Rule.MONTH: MOMENTS,
    Rule.AGE_BAND: (*MOMENTS, ColumnType.INTEGER),
    Rule.DATE_SHIFT: MOMENTS,
    Rule.OUTWARD_POSTCODE: (ColumnType.TEXT,),
    Rule.GEOGRAPHY: (ColumnType.TEXT,),
    Rule.ROUNDING: NUMBERS,
    Rule.RECODE: (ColumnType.TEXT, ColumnType.INTEGER),
}
"""Rule to the types that it takes."""

PARAMETERS: Mapping[Rule, frozenset[str]] = {
    Rule.YEAR: frozenset(),
    Rule.MONTH: frozenset(),
    Rule.AGE_BAND: frozenset({"width", "top"}),
    Rule.DATE_SHIFT: frozenset({"most_days"}),
    Rule.OUTWARD_POSTCODE: frozenset(),
    Rule.GEOGRAPHY: frozenset({"geography"}),
    Rule.ROUNDING: frozenset({"step", "lowest", "highest"}),
    Rule.RECODE: frozenset({"codes", "otherwise"}),
}
"""Rule to the parameters that it may have."""

NEEDED: Mapping[Rule, frozenset[str]] = {
    Rule.DATE_SHIFT: frozenset({"most_days"}),
    Rule.GEOGRAPHY: frozenset({"geography"}),
    Rule.ROUNDING: frozenset({"step"}),
    Rule.RECODE: frozenset({"codes"}),
}
"""Rule to the parameters that it must have."""


@dataclass(frozen=True, kw_only=True)
class Geography:
    """A lookup from a postcode or place code to a larger area.

    Args:
        name: as a contract names it.
        meaning: one sentence, with what is approximate about it.
        key: regular expression with one group over the tight upper-case text: what the codes are looked up by.
        areas: area to the codes that lie in it.
        elsewhere: what a code that is in no area becomes: empty for NULL, `*` for the code itself.
    """

    name: str
    meaning: str
    key: str
    areas: Mapping[str, tuple[str, ...]]
    elsewhere: str = ""


@dataclass(frozen=True, kw_only=True)
class Generalisation:
    """One way of making a column coarser.

    Args:
        kind: which.
        width: years in a band of ages.
        top: first age of the last band: all above lie in it together.
        most_days: the largest shift of a date, either way; one shift a person, so that intervals stay.
        geography: the lookup.
        step: what numbers are rounded to the nearest multiple of.
        lowest: of a rounded number: what stands for all below it; None where there is no end.
        highest: what stands for all above it.
        codes: value to what it becomes.
        otherwise: what a value that `codes` does not name becomes; None for NULL.
    """

    kind: Rule
    width: int = 5
    top: int = 90
    most_days: int = 0
    geography: Geography | None = None
    step: float = 0.0
    lowest: float | None = None
    highest: float | None = None
    codes: Mapping[Scalar, Scalar] = field(default_factory=dict)
    otherwise: Scalar | None = None

    def __str__(self) -> str:
        """Say it in words for the data dictionary."""
        match self.kind:
            case Rule.AGE_BAND:
                return f"age in bands of {self.width} years, {self.top} and over together"
            case Rule.DATE_SHIFT:
                return f"shifted by up to {self.most_days} days, the same for all dates of a person"
            case Rule.GEOGRAPHY if self.geography:
                return self.geography.name
            case Rule.ROUNDING:
                ends = [(self.lowest, "below"), (self.highest, "above")]
                told = "".join(f", {end:g} standing for all {side}" for end, side in ends if end is not None)
                return f"rounded to {self.step:g}{told}"
            case Rule.RECODE:
                return "recoded"
        return str(self.kind)

    def published_type(self, given: ColumnType) -> ColumnType:
        """Return the type that researchers see, of values that come as `given`."""
        match self.kind:
            case Rule.YEAR:
                return ColumnType.INTEGER
            case Rule.MONTH:
                return ColumnType.DATE
            case Rule.DATE_SHIFT | Rule.ROUNDING:
                return given
            case Rule.RECODE:
                return _recoded([*self.codes.values(), self.otherwise])
        return ColumnType.TEXT


def _recoded(values: Iterable[Scalar | None]) -> ColumnType:
    kinds = {type(one) for one in values if one is not None}
    if str in kinds:
        return ColumnType.TEXT
    return ColumnType.DECIMAL if float in kinds else ColumnType.INTEGER
