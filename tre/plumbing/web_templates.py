"""Owns the template environment: where templates are found, and the words and colours that they share.

Must never mark a value as safe: every text is escaped, a file's name as much as a person's.
"""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from jinja2 import BaseLoader, ChainableUndefined, ChoiceLoader, Environment, FileSystemLoader, PackageLoader

from tre.kernel.clock import Clock
from tre.kernel.machine import words
from tre.plumbing import dates

OWN = Path(__file__).parent / "templates"
NAME = "Trusted research environment"

# One colour a state, the same in every room; always shown with its word (WCAG 1.4.1).
COLOURS = {
    "green": {"approved", "released", "ready", "running", "active", "in_order", "signed", "yes", "answers", "intact", "signed_in", "clear", "in_use", "done"},
    "blue": {"submitted", "in_review", "requested", "queued", "building", "starting", "open", "information"},
    "yellow": {"returned", "stopping", "ends_soon", "waiting", "warning", "your_turn", "loaded"},
    "red": {"refused", "suspended", "blocked", "failed", "expired", "missing", "no", "does_not_answer", "altered", "stopped_by_admin", "severe"},
    "grey": {"draft", "withdrawn", "closed", "removed", "stopped", "ended", "none", "not_used", "not_needed", "superseded"},
}  # fmt: skip
_COLOUR_OF = {state: colour for colour, states in COLOURS.items() for state in states}


def make_templates(folders: Iterable[Path], *, clock: Clock) -> Environment:
    """Return the environment over the rooms' template folders, the shared parts and the NHS.UK components."""
    loaders: list[BaseLoader] = [FileSystemLoader([OWN, *folders]), PackageLoader("nhsuk_frontend_jinja")]
    made = Environment(
        autoescape=True,
        undefined=ChainableUndefined,
        loader=ChoiceLoader(loaders),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["service_name"] = NAME
    made.globals["now"] = clock.now
    made.filters.update(
        words=words,
        sentence_case=lambda text: text[:1].upper() + text[1:],
        colour=lambda state: _COLOUR_OF.get(state, "blue"),
        day=lambda value: dates.say_day(_day(value)),
        moment=lambda value: dates.say_moment(_moment(value)),
        distance=lambda value: dates.say_distance(dates.as_date(value), now=clock.now()),
        iso=lambda value: value if isinstance(value, str) else value.isoformat(),
        bytes=say_bytes,
        thousands=lambda number: f"{number:,}",
    )
    return made


def say_bytes(count: int) -> str:
    """Return a number of bytes as a person says it: `2.4 MB`."""
    size = float(count)
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:  # noqa: PLR2004 - decimal units, as file managers show them
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def _day(value: date | datetime | str) -> date:
    found = dates.as_date(value)
    return found.astimezone(dates.ZONE).date() if isinstance(found, datetime) else found


def _moment(value: datetime | str) -> datetime:
    found = dates.as_date(value)
    if not isinstance(found, datetime):
        raise TypeError("a date without a time cannot be said as a moment")
    return found
