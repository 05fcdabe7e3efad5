"""Owns the nearest known name to one that is not known, for whoever mistyped it. Must never be acted upon: nothing is guessed."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(given: str, known: Iterable[str]) -> str:
    """Return ` Did you mean 'mean'?`, or nothing where no known name is near; capital letters do not count."""
    names = {one.casefold(): one for one in known}
    found = get_close_matches(given.casefold()[:200], names, n=1)
    return f" Did you mean '{names[found[0]]}'?" if found else ""
