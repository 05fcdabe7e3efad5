"""Owns how a fault against a schema is said to somebody who wrote JSON by hand. Must never quote more than a few words of it."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from output_checking.domain.checks.suggestion import nearest

MOST_SIGNS = 60
Error = Any  # of jsonschema: what it holds is of no one type
_TYPES = {
    "array": "a list, between [ and ]",
    "object": "an object, between { and }",
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "null",
}


def fault(errors: Iterable[Error]) -> tuple[str, str]:
    """Return where the first fault is (`rows[0].bands[2]`; empty for the whole) and what is wrong there."""
    error = min(errors, key=lambda one: (len(one.absolute_path), str(list(one.absolute_path))))
    while error.context and not _is_of_another_type(error):
        error = _telling(error.context)
    where = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in error.absolute_path)
    say = _of_types if error.context else _SAID.get(str(error.validator))
    what = say(error) if say else _short(error.message)
    return where.lstrip("."), what if what.endswith("?") else f"{what}."


def _is_of_another_type(error: Error) -> bool:
    """Say whether a thing is of none of the types that it can have here, whatever its inner parts are."""
    return all(one.validator in {"type", "enum"} and not one.path for one in error.context or ())


def _of_types(error: Error) -> str:
    wanted = [_TYPES[one.validator_value] for one in error.context or () if one.validator == "type"]
    words = [f'"{word}"' for one in error.context or () if one.validator == "enum" for word in one.validator_value]
    is_text = isinstance(error.instance, str)
    near = next(
        (
            nearest(error.instance, one.validator_value)
            for one in error.context or ()
            if is_text and one.validator == "enum"
        ),
        "",
    )
    return f"{_value(error)} is not {' or '.join([*words, *wanted])}{'.' * bool(near)}{near}"


def _telling(errors: Iterable[Error]) -> Error:
    """Return, of the ways in which a thing fits none of several shapes, that of the shape it was meant to have."""
    return min(errors, key=lambda one: (-len(one.absolute_path), one.validator == "type", one.message))


def _unknown(error: Error) -> str:
    known = sorted(error.schema["properties"])
    name = next(one for one in sorted(map(str, error.instance)) if one not in known)
    return f"'{_short(name)}' is not known here.{nearest(name, known)} There are: {', '.join(known)}"


def _missing(error: Error) -> str:
    return f"'{next(one for one in error.validator_value if one not in error.instance)}' is missing"


def _of_type(error: Error) -> str:
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    example = f"; write {json.dumps([error.instance], ensure_ascii=False)}" if _is_bare(error.instance, wanted) else ""
    return f"{_value(error)} is not {' or '.join(_TYPES[one] for one in wanted)}{example}"


def _is_bare(given: object, wanted: list[str]) -> bool:
    return wanted == ["array"] and isinstance(given, str) and len(given) < MOST_SIGNS


def _among(error: Error) -> str:
    near = nearest(error.instance, error.validator_value) if isinstance(error.instance, str) else ""
    return f"{_value(error)} is none of: {', '.join(map(str, error.validator_value))}{'.' * bool(near)}{near}"


def _value(error: Error) -> str:
    return _short(json.dumps(error.instance, ensure_ascii=False, default=repr))


def _short(words: str) -> str:
    return words if len(words) <= MOST_SIGNS else words[:MOST_SIGNS] + "…"


_SAID: Mapping[str, Callable[[Error], Any]] = {
    "additionalProperties": _unknown,
    "required": _missing,
    "type": _of_type,
    "enum": _among,
    "const": lambda error: f"{_value(error)} is not {json.dumps(error.validator_value)}",
    "minimum": lambda error: f"{_value(error)} is less than {error.validator_value}",
    "maximum": lambda error: f"{_value(error)} is more than {error.validator_value}",
    "exclusiveMinimum": lambda error: f"{_value(error)} is not more than {error.validator_value}",
    "minItems": lambda error: f"it has {len(error.instance)} entries; at least {error.validator_value} are needed",
    "maxItems": lambda error: f"it has {len(error.instance):,} entries; at most {error.validator_value:,} are taken",
    "minLength": lambda _: "it is an empty text",
    "maxLength": lambda error: f"it is longer than {error.validator_value:,} signs",
}
