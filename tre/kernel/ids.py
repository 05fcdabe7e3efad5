"""Owns how things are named: short, typeable, lower case. Must never give meaning to an id beyond its prefix."""

import re
import secrets

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
PRACTICE = "practice"
"""Stands where a project's id would, for a workspace on made-up data: no project can have this id."""

_PROJECT = re.compile(r"p-[a-z2-7]{6}")
_PERSON = re.compile(r"[a-z][a-z0-9-]{0,39}")


def new_id(prefix: str, *, length: int = 6) -> str:
    """Return `prefix-` and `length` random characters of a 32-letter alphabet (5 bits each).

    Database keys are unique, so a clash is refused there; 6 characters name 10^9 things of a kind.
    """
    return prefix + "-" + "".join(secrets.choice(ALPHABET) for _ in range(length))


def is_project_id(text: str) -> bool:
    """Say whether `text` has the form of a project id (it is also a server name and a folder name)."""
    return _PROJECT.fullmatch(text) is not None


def is_person_id(text: str) -> bool:
    """Say whether `text` may be a person id: it becomes a host name label and a folder name."""
    return _PERSON.fullmatch(text) is not None
