"""Owns the figures behind the register's plots, and the plots' geometry. Must never show a number that the table beside lacks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from tre.register.domain.entry import PublicProject

MONTHS_SHOWN = 12
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

_SAID = {
    "approved": ("Projects approved by month", "Projects approved"),
    "used": ("Use by month: workspaces opened", "Workspaces opened"),
}


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: its label, its value, and its length as a share of the longest (0 to 1)."""

    label: str
    value: int
    share: float


@dataclass(frozen=True, kw_only=True)
class Plot:
    """One plot with its title and the sentence that says what it shows, for those who do not see it."""

    name: str
    title: str
    told: str
    bars: tuple[Bar, ...]


def plots(projects: Sequence[PublicProject], *, today: date) -> tuple[Plot, ...]:
    """Return the register's plots: projects by purpose, projects and use by month of the last year."""
    months = _months(today)
    decided = Counter(_month(one.approved_on) for one in projects if one.approved_on)
    used = Counter(_month(day) for one in projects for day in one.sessions)
    return (
        _by_purpose(projects),
        _by_month("approved", decided, months),
        _by_month("used", used, months),
    )


def days_to_decide(projects: Sequence[PublicProject]) -> int | None:
    """Return the median of days from application to decision; None where none was decided."""
    days = [one.days_to_decide for one in projects if one.days_to_decide is not None]
    return round(median(days)) if days else None


def _by_purpose(projects: Sequence[PublicProject]) -> Plot:
    counts = Counter(one.purpose for one in projects).most_common()
    most = f"Most often: {counts[0][0]} ({counts[0][1]})." if counts else "No project yet."
    return Plot(
        name="purpose",
        title="Projects by purpose",
        told=f"Projects: {len(projects)}. {most}",
        bars=_bars(counts),
    )


def _by_month(name: str, counts: Counter[str], months: Sequence[str]) -> Plot:
    title, what = _SAID[name]
    shown = [(month, counts[month]) for month in months]
    total = sum(value for _, value in shown)
    return Plot(name=name, title=title, told=f"{what} in the last {len(months)} months: {total}.", bars=_bars(shown))


def _bars(counts: Sequence[tuple[str, int]]) -> tuple[Bar, ...]:
    longest = max((value for _, value in counts), default=0) or 1
    return tuple(Bar(label=label, value=value, share=value / longest) for label, value in counts)


def _months(today: date) -> tuple[str, ...]:
    last = today.year * 12 + today.month - 1
    return tuple(_label(one // 12, one % 12 + 1) for one in range(last - MONTHS_SHOWN + 1, last + 1))


def _month(day: date) -> str:
    return _label(day.year, day.month)


def _label(year: int, month: int) -> str:
    return f"{_MONTHS[month - 1]} {year}"
