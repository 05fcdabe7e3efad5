"""The published schemas, and checking against them in the words of the field. Must never fetch one from anywhere."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from output_checking.domain.checks.refusal import CannotJudge


@cache
def published(name: str) -> Mapping[str, Any]:
    """Return one of the published schemas: `specification`, `appetite`, `answer`."""
    schema: Mapping[str, Any] = json.loads(files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return schema


@cache
def _validator(name: str, part: str) -> Draft202012Validator:
    schema = published(name)
    return Draft202012Validator({**schema, "oneOf": [{"$ref": f"#/$defs/{part}"}]} if part else schema)


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
    errors = sorted(_validator(name, part).iter_errors(given), key=lambda one: (len(one.path), str(one.path)))
    if not errors:
        return
    error = errors[0]
    while error.context:
        error = min(error.context, key=lambda one: (-len(one.absolute_path), one.message))
    where = ".".join(map(str, error.absolute_path))
    message = error.message if len(error.message) < 400 else error.message[:400] + "…"  # noqa: PLR2004 - what fits a terminal
    raise CannotJudge(f"{called} is not right{f' at {where}' if where else ''}: {message}", code=f"{name}.malformed")
