"""Owns what the pages of people need besides the foundations: the provider, and the workspaces of whoever signs out."""

from dataclasses import dataclass

from tre.people.login import Provider
from tre.people.ports import Workspaces


@dataclass(frozen=True, kw_only=True)
class PeopleDesk:
    """The people room's own parts, put together by bootstrap."""

    provider: Provider
    workspaces: Workspaces
