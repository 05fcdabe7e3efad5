"""Owns the set of values that a column may have in a cell: stretches of numbers, texts, and missing. Must never know a table.

A cut lies just before (value, 0) or just after (value, 1) a number, so a stretch is from one cut to another and open and
closed ends need no cases of their own. Dates stand as their ordinal day; a text that is a number's plain name is the number.
"""

import datetime
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

Cut = tuple[float, int]
Span = tuple[Cut, Cut]
Value = bool | int | float | str | None
FIRST: Cut = (-math.inf, 0)
LAST: Cut = (math.inf, 0)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Extent:
    """A set of values of one column.

    Args:
        spans: stretches of numbers, ascending, apart from each other.
        texts: texts that are in it; with `all_but`, texts that are not.
        missing: whether having no value is in it.
    """

    spans: tuple[Span, ...] = ()
    texts: frozenset[str] = frozenset()
    all_but: bool = False
    missing: bool = False

    def __and__(self, other: "Extent") -> "Extent":
        """Return what is in both."""
        return (self.inverted() | other.inverted()).inverted()

    def __or__(self, other: "Extent") -> "Extent":
        """Return what is in either."""
        match (self.all_but, other.all_but):
            case (False, False):
                texts = self.texts | other.texts
            case (True, True):
                texts = self.texts & other.texts
            case (True, False):
                texts = self.texts - other.texts
            case _:
                texts = other.texts - self.texts
        return Extent(
            _joined(self.spans + other.spans), texts, self.all_but or other.all_but, self.missing or other.missing
        )

    def inverted(self) -> "Extent":
        """Return all that is not in it."""
        edges = [FIRST, *(cut for span in self.spans for cut in span), LAST]
        gaps = tuple((low, high) for low, high in zip(edges[::2], edges[1::2], strict=True) if low < high)
        return Extent(gaps, self.texts, not self.all_but, not self.missing)

    def within(self, other: "Extent") -> bool:
        """Say whether all of it is in the other."""
        if self == other:
            return True
        if self.missing and not other.missing:
            return False
        if self.all_but:
            texts = other.all_but and other.texts <= self.texts
        else:
            texts = not (self.texts & other.texts) if other.all_but else self.texts <= other.texts
        return texts and all(any(a <= low and high <= b for a, b in other.spans) for low, high in self.spans)

    def holds(self, value: Value) -> bool:
        """Say whether a value, read by `reading`, is in it."""
        if value is None:
            return self.missing
        if isinstance(value, str):
            return (value in self.texts) != self.all_but
        return any(low <= (value, 0) and (value, 1) <= high for low, high in self.spans)

    def rounded_to_whole(self) -> "Extent":
        """Return it for a column of whole numbers: up to 29 is then the same as under 30."""
        spans = tuple((_whole(low), _whole(high)) for low, high in self.spans)
        return replace(self, spans=_joined(span for span in spans if span[0] < span[1]))


EVERYTHING = Extent(((FIRST, LAST),), frozenset(), all_but=True, missing=True)
MISSING = Extent(missing=True)


@dataclass(frozen=True)
class Domain:
    """What is known of a column in all of the data, as its readers know it too.

    Args:
        extent: the values it has: a range of numbers, its texts, and whether any are missing.
        whole: it holds whole numbers only, so that up to 29 is the same as under 30.
    """

    extent: Extent = EVERYTHING
    whole: bool = False

    def seen(self, extent: Extent) -> Extent:
        """Return an extent as it is told apart in the data: EVERYTHING where it holds all that there is."""
        if extent == EVERYTHING:
            return extent
        exact = extent.rounded_to_whole() if self.whole else extent
        if self.extent == EVERYTHING:
            return exact
        all_there_is = self.extent.rounded_to_whole() if self.whole else self.extent
        found = exact & all_there_is
        return EVERYTHING if found == all_there_is else found


Domains = Mapping[str, Domain]
UNKNOWN = Domain()


def reading(value: Value) -> Value:
    """Return a value as it is compared: numbers as float, dates as their day, a number's plain name as the number."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        return _read_text(value)
    return value


def _read_text(text: str) -> Value:
    if _DATE.fullmatch(text):
        try:
            return float(datetime.date.fromisoformat(text).toordinal())
        except ValueError:
            return text
    try:
        number = float(text)
    except ValueError:
        return text.lower() if text.lower() in {"true", "false"} else text
    plain = text in {str(number), f"{number:.0f}" if math.isfinite(number) else ""}
    return number if plain and math.isfinite(number) else text


def only(values: Iterable[Value]) -> Extent:
    """Return the extent of single values; None is missing."""
    read = {reading(value) for value in values}
    numbers = sorted(value for value in read if isinstance(value, float))
    texts = frozenset(value for value in read if isinstance(value, str))
    return Extent(_joined(((one, 0), (one, 1)) for one in numbers), texts, missing=None in read)


def stretch(low: float | None, high: float | None) -> Extent:
    """Return the band from `low` to under `high`; None is open."""
    return Extent(((FIRST if low is None else (float(low), 0), LAST if high is None else (float(high), 0)),))


def compared(sign: str, value: Value) -> Extent | None:
    """Return what a column may be for `column sign value` to hold, or None where texts would be put in order."""
    read = reading(value)
    if sign == "=":
        return only([value])
    if sign == "!=":
        return without_missing(only([value]).inverted())
    if not isinstance(read, float):
        return None
    cut = (read, 0 if sign in {"<", ">="} else 1)
    return Extent(((FIRST, cut),)) if sign in {"<", "<="} else Extent(((cut, LAST),))


def without_missing(extent: Extent) -> Extent:
    """Return the extent without `missing`: a comparison never holds for what has no value."""
    return replace(extent, missing=False)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return tuple(found)


def _whole(cut: Cut) -> Cut:
    value, after = cut
    if not math.isfinite(value):
        return cut
    return (value + after, 0) if value.is_integer() else (float(math.ceil(value)), 0)
