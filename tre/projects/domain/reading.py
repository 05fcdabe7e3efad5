"""Owns how typed text becomes an answer: trimmed, of bounded length, a real date, one of a list. Must never guess.

Every fault is told in the words of its own field, and all faults of a page at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tre.kernel.errors import Invalid
from tre.projects.domain.choices import Choices

Typed = Mapping[str, str | Sequence[str]]

SHORT = 200
LONG = 5000
YEAR_DIGITS = 4


@dataclass(kw_only=True)
class Reader:
    """Reads the fields of one page and gathers what is wrong with them."""

    typed: Typed
    faults: dict[str, str] = field(default_factory=dict)

    def line(self, name: str, label: str, *, most: int = SHORT) -> str:
        """Return one line of text; `label` is what the field is called on the page."""
        return " ".join(self.text(name, label, most=most).split())

    def text(self, name: str, label: str, *, most: int = LONG) -> str:
        """Return text of several lines, at most `most` characters."""
        typed = clean(self._one(name))
        if len(typed) > most:
            self.faults[name] = f"{label} must be {most} characters or fewer: it has {len(typed)}"
        return typed

    def choice(self, name: str, label: str, choices: Choices) -> str:
        """Return one code of `choices`, or nothing where nothing was chosen."""
        typed = self._one(name).strip()
        if typed and typed not in choices:
            self.faults[name] = f"{label}: choose one from the list"
        return typed if typed in choices else ""

    def many(self, name: str) -> tuple[str, ...]:
        """Return every value given under one name, each once, in the order given."""
        value = self.typed.get(name, ())
        values = [value] if isinstance(value, str) else list(value)
        return tuple(dict.fromkeys(clean(one) for one in values if one.strip()))

    def day(self, name: str, label: str) -> date | None:
        """Return the date typed as year-month-day, or in the three fields `name-day`, `name-month`, `name-year`."""
        typed = self._one(name).strip() or self._three(name)
        if not typed:
            return None
        try:
            return date.fromisoformat(typed)
        except ValueError:
            self.faults[name] = f"{label} must be a real date, for example 31 3 2027"
            return None

    def finish(self) -> None:
        """Raise `Invalid` when anything was wrong."""
        if self.faults:
            raise Invalid(self.faults)

    def _one(self, name: str) -> str:
        value = self.typed.get(name, "")
        return value if isinstance(value, str) else next(iter(value), "")

    def _three(self, name: str) -> str:
        day, month, year = (self._one(f"{name}-{part}").strip() for part in ("day", "month", "year"))
        if not (day or month or year):
            return ""
        if len(year) != YEAR_DIGITS:  # "27" is not a year
            return "unreadable"
        return f"{year}-{month:0>2}-{day:0>2}"


def clean(typed: str) -> str:
    """Return text without what cannot be stored or seen: control characters, lone surrogates, space at the ends."""
    storable = typed.replace("\r\n", "\n").encode(errors="ignore").decode()
    return "".join(one for one in storable if one in "\n\t" or one.isprintable()).strip()
