"""Owns the reading of the JSON and the key that the command is given. Must never take one of two contradicting words."""

import json
from pathlib import Path
from typing import Any, NoReturn

from output_checking.domain.checks.refusal import CannotJudge

MOST_BYTES = 100_000_000
SHORTEST_KEY, LONGEST_KEY = 16, 64  # what BLAKE2b takes, and no less than 128 bits


class _SaidTwice(ValueError):
    """One name stands twice in a JSON object."""


def read_json(path: Path, *, called: str) -> Any:
    """Return what a JSON file holds.

    Raises:
        CannotJudge: `file.…` when it is absent, too long, or not JSON.
    """
    held = _held(path, called=called)
    try:
        return json.loads(
            held.decode("utf-8-sig"), object_pairs_hook=_each_once, parse_constant=_not_json, parse_int=_number
        )
    except UnicodeDecodeError as error:
        raise _not_read(path, called, "it is not text in UTF-8") from error
    except json.JSONDecodeError as error:
        why = f"line {error.lineno}, column {error.colno}: {error.msg}" if held.strip() else "it is empty"
        raise _not_read(path, called, why) from error
    except (_SaidTwice, ValueError) as error:
        raise _not_read(path, called, str(error)) from error
    except RecursionError as error:
        raise _not_read(path, called, "its brackets stand too deep in each other") from error


def read_key(path: Path | None) -> bytes:
    """Return the key of the private part; empty where none was given.

    Raises:
        CannotJudge: `file.…` when it is absent, too short or too long.
    """
    if path is None:
        return b""
    key = _held(path, called="The key").strip()
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise CannotJudge(
            f"The key '{_name(path)}' has {len(key):,} bytes; it must have {SHORTEST_KEY} to {LONGEST_KEY}.",
            code="file.key",
        )
    return key


def _held(path: Path, *, called: str) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CannotJudge(f"{called} '{_name(path)}' is longer than {MOST_BYTES:,} bytes.", code="file.too_long")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "there is no file of such a name"
        raise CannotJudge(f"{called} '{_name(path)}' cannot be opened: {why}.", code="file.absent") from error


def _name(path: Path) -> str:
    return path.name or str(path)


def _not_read(path: Path, called: str, why: str) -> CannotJudge:
    return CannotJudge(f"{called} '{_name(path)}' is not JSON: {why}.", code="file.not_json")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in found if names.count(name) > 1)
        raise _SaidTwice(f"'{twice[:100]}' stands twice in one object, and only one of them can be meant")
    return found


def _number(digits: str) -> int:
    if len(digits) > 400:  # noqa: PLR2004 - no double is longer, and Python refuses to read thousands
        raise ValueError("it holds a number of more than 400 digits")
    return int(digits)


def _not_json(word: str) -> NoReturn:
    raise ValueError(f"{word} is not a number that JSON knows; an open end of a banding is null")
