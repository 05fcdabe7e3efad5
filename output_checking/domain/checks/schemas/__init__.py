"""The published schemas, and checking against them in the words of the field. Must never fetch one from anywhere."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.schemas.words import fault


@cache
def published(name: str) -> Mapping[str, Any]:
    """Return one of the published schemas: `specification`, `appetite`, `answer`, `remedies`."""
    schema: Mapping[str, Any] = json.loads(files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return schema


@cache
def resolved(name: str, part: str = "") -> Mapping[str, Any]:
    """Return a published schema, or one definition in it, with each reference replaced by what it names.

    It takes a tenth of the time that looking them up anew for each value takes.
    """
    schema = published(name)
    found: Mapping[str, Any] = _resolved(schema["$defs"][part] if part else schema, schema)
    return found


@cache
def _validator(name: str, part: str) -> Draft202012Validator:
    return Draft202012Validator(resolved(name, part))


def check(name: str, given: object, *, part: str = "", called: str) -> None:
    """Refuse what does not fit a schema.

    Args:
        name: the schema.
        given: what was read from JSON.
        part: name of one definition in it, where only that may fit.
        called: what it is, for the sentence: `The specification`.

    Raises:
        CannotJudge: `NAME.malformed`, with the first thing that does not fit and where.
    """
    errors = list(_validator(name, part).iter_errors(given))
    if errors:
        where, what = fault(errors)
        raise CannotJudge(f"{called} is not right{f' at {where}' if where else ''}: {what}", code=f"{name}.malformed")


def _resolved(part: Any, whole: Mapping[str, Any]) -> Any:
    if isinstance(part, list):
        return [_resolved(one, whole) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        found: Any = whole
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return _resolved(found, whole)
    return {name: _resolved(one, whole) for name, one in part.items()}
