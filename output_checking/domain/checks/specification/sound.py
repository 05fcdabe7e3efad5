"""Owns what may stand in a specification at all, wherever it stands: finite numbers and plain text, not too deep. Must never mend it."""

import re
from collections.abc import Mapping
from math import isfinite

from output_checking.domain.checks.refusal import CannotJudge

DEEPEST = 20
_NO_SIGN = re.compile("[\0\ud800-\udfff]")


def refuse_unsound(given: object, *, depth: int = 0) -> None:
    """Refuse what no database and no reader could take as it stands.

    Args:
        given: the specification, or a part of it.
        depth: how deep that part lies.

    Raises:
        CannotJudge: `specification.malformed` with what is wrong.
    """
    if depth > DEEPEST:
        raise _refused(f"it has lists in lists more than {DEEPEST} deep")
    if isinstance(given, Mapping):
        for name, inner in given.items():
            refuse_unsound(name, depth=depth + 1)
            refuse_unsound(inner, depth=depth + 1)
    elif isinstance(given, list | tuple):
        for inner in given:
            refuse_unsound(inner, depth=depth + 1)
    elif isinstance(given, str):
        _refuse_text(given)
    elif given is not None and type(given) not in {bool, int, float}:
        raise _refused(f"it holds a {type(given).__name__}, which JSON does not know; hand in plain numbers and lists")
    elif isinstance(given, int | float) and not _is_finite(given):
        raise _refused(
            "it holds NaN or an infinite number, or one too large to reckon with; an open end of a banding is null (None in Python)"
        )


def _is_finite(number: float) -> bool:
    try:
        return isfinite(number)
    except OverflowError:  # a whole number of 400 digits
        return False


def _refuse_text(given: str) -> None:
    if _NO_SIGN.search(given):
        raise _refused(f"the text {given[:60]!a} holds a sign that no column and no level can have")


def _refused(why: str) -> CannotJudge:
    return CannotJudge(f"The specification cannot be read: {why}.", code="specification.malformed")
