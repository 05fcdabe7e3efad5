"""Owns how a date typed by a person is understood, and how dates and moments are said on a page.

Must never ask the machine for the time: "now" is handed in.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_STEPS = ((60, "second", 1), (3600, "minute", 60), (86_400, "hour", 3600))


def date_or_sentence(day: str, month: str, year: str, *, called: str) -> date | str:
    """Return the date, or the sentence that says what is wrong with it (wording: NHS.UK date input guidance).

    Args:
        day: as typed.
        month: as typed: a number, a name, or its first three letters.
        year: as typed, four digits.
        called: what the form calls it, with its article.
    """
    missing = [word for word, text in (("day", day), ("month", month), ("year", year)) if not text]
    if len(missing) == 3:  # noqa: PLR2004 - day, month and year
        return f"Enter {called}."
    name = called[:1].upper() + called[1:]
    if missing:
        return f"{name} must include a {' and a '.join(missing)}."
    number = _month_number(month)
    if number is None or not (_is_number(day) and _is_number(year)):
        return f"{name} must be a real date, for example 27 3 2026."
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        return f"{name} must have a year of four digits, between {_FIRST_YEAR} and {_LAST_YEAR}."
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return f"{name} must be a real date, for example 27 3 2026."


def say_day(day: date) -> str:
    """Return a date in words: `7 March 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def say_moment(at: datetime) -> str:
    """Return a moment in words, in the time of the place: `7 March 2026 at 2:05pm`."""
    local = at.astimezone(ZONE)
    return f"{say_day(local.date())} at {local.hour % 12 or 12}:{local.minute:02}{'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004 - noon


def say_distance(of: date | datetime, *, now: datetime) -> str:
    """Return how long ago or how long left: `3 days ago`, `in 2 hours`, `today`."""
    if isinstance(of, datetime):
        gap = of - now
        if abs(gap) < timedelta(days=1):
            return _say_short(gap)
        of = of.astimezone(ZONE).date()
    days = (of - now.astimezone(ZONE).date()).days
    named = {0: "today", 1: "tomorrow", -1: "yesterday"}
    return named.get(days) or (f"in {_say_days(days)}" if days > 0 else f"{_say_days(-days)} ago")


def as_date(value: date | datetime | str) -> date | datetime:
    """Return ISO text as the date or moment it says; others as they are."""
    if not isinstance(value, str):
        return value
    return datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)


def _say_days(days: int) -> str:
    years, months = days // 365, days // 30
    if years >= 2:  # noqa: PLR2004 - one year is better said in months
        return f"{years} years"
    return f"{months} months" if months >= 4 else f"{days} day{'s' if days != 1 else ''}"  # noqa: PLR2004


def _say_short(gap: timedelta) -> str:
    seconds = int(abs(gap.total_seconds()))
    if seconds < 5:  # noqa: PLR2004 - shorter is no information
        return "just now"
    unit, size = next((unit, size) for below, unit, size in _STEPS if seconds < below)
    count = seconds // size
    said = f"{count} {unit}{'s' if count != 1 else ''}"
    return f"in {said}" if gap > timedelta(0) else f"{said} ago"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4  # noqa: PLR2004 - a year has four digits


def _month_number(text: str) -> int | None:
    if _is_number(text):
        return int(text)
    word = text.strip().lower()
    found = [at for at, name in enumerate(_MONTHS, 1) if word in (name.lower(), name[:3].lower())]
    return found[0] if found else None
