"""Owns what is measured of a raw column to draft its contract. Must never hold a value that few rows share."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_NEARLY_ALL = 0.98
_KEY = re.compile(r"(?i)_?(id|no|nr|number|key)$")
FEWEST_ROWS = 10
"""A value, or an end of a range, is named in a draft only if at least so many rows, of as many persons, hold it or lie beyond it."""


@dataclass(frozen=True, kw_only=True)
class ColumnMeasure:
    """One raw column.

    Args:
        name: in the file.
        rows: of the file.
        filled: rows with a value.
        distinct: different values, nearly.
        is_unique: whether every row has a value of its own.
        fits: name of a form (`integer`, `postcode`) to how many values have it.
        length: mean number of characters.
        spaces: mean number of spaces.
        middle: ends between which all but a few values lie, if numbers or days: never the smallest or largest themselves.
        common: values that enough rows share, if there are few different ones.
        rarer: how many different values are shared by fewer rows.
    """

    name: str
    rows: int
    filled: int
    distinct: int
    is_unique: bool = False
    fits: Mapping[str, int] = field(default_factory=dict)
    length: float = 0.0
    spaces: float = 0.0
    middle: tuple[float, float] | None = None
    common: tuple[str, ...] = ()
    rarer: int = 0

    @property
    def is_key(self) -> bool:
        """Say whether it is a key of the rows: unique, or called one and nearly so (raw files hold rows twice)."""
        nearly = self.filled == self.rows and self.distinct >= self.rows * _NEARLY_ALL
        return self.is_unique or (nearly and _KEY.search(self.name) is not None)

    def share(self, form: str) -> float:
        """Return which share of the values (0 to 1) has the form; 0 where there is no value."""
        return self.fits.get(form, 0) / self.filled if self.filled else 0.0


@dataclass(frozen=True, kw_only=True)
class FileMeasure:
    """One raw file: its name without its ending, its rows, its columns in order."""

    stem: str
    rows: int
    columns: tuple[ColumnMeasure, ...]
