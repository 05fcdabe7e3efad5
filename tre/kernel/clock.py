"""Owns the only "now". Nothing else may ask the machine for the time of a decision or a record."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that tells the present moment."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


@dataclass
class SetClock:
    """A clock that stands where it was set: for tests of rules that depend on time."""

    at: datetime

    def now(self) -> datetime:
        """Return the moment it was set to."""
        return self.at

    def move(self, by: timedelta) -> None:
        """Move the clock by `by`; a negative step moves it back."""
        self.at += by


def today(clock: Clock) -> date:
    """Return the present date in UTC."""
    return clock.now().date()
