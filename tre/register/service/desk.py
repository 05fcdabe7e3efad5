"""Owns what the services of this room are handed besides the context."""

from dataclasses import dataclass

from tre.register.ports import Figures


@dataclass(frozen=True, kw_only=True)
class RegisterDesk:
    """The figures of releases, as bootstrap filled them in."""

    figures: Figures
