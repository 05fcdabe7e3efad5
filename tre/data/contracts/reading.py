"""Owns how a contract's text becomes values, and the wording of what is wrong with it: file, line, column and remedy.

Must never read another file than the schema beside it.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tre.data.contracts import checking
from tre.data.contracts.checking_columns import Fault
from tre.data.contracts.values import contract_of
from tre.data.domain.contract import Contract
from tre.kernel.errors import Invalid

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

Place = tuple[str | int, ...]
_BOOLEAN, _INTEGER = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:int"
_NOT_GUESSED = {_BOOLEAN, _INTEGER, "tag:yaml.org,2002:timestamp"}
SCHEMA = Path(__file__).parent / "contract.schema.json"


class _Loader(yaml.CSafeLoader):
    """Takes words as words: YAML 1.1 makes “no” (a country, an answer) false, a day no text, 010 eight and 12:30 a number."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag not in _NOT_GUESSED]
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOLEAN, re.compile("^(true|false)$"), list("tf"))
_Loader.add_implicit_resolver(_INTEGER, re.compile("^-?(0|[1-9][0-9]*)$"), list("-0123456789"))


def parse_contract(text: str, *, name: str) -> Contract:
    """Return the contract that `text` says.

    Args:
        text: YAML.
        name: file name, for the messages.

    Raises:
        Invalid: one field per fault, named `file:line:column`; the sentence says what to do.
    """
    tree = _compose(text, name)
    places = dict(_places(tree, (), name=name))
    values = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader that understands less
    faults = [one for fault in _validator().iter_errors(values) for one in _of_schema(fault)]
    if not faults:
        faults = list(checking.faults(values))
    if faults:
        raise _told(name, places, faults)
    return contract_of(values, sha256=_sha256(text))


def parse_shipped(text: str) -> Contract:
    """Return the contract that `text` says, which ships: the tests checked it, and a check costs a page's reader seconds."""
    return contract_of(yaml.load(text, Loader=_Loader), sha256=_sha256(text))  # noqa: S506 - as above


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _validator() -> "Draft202012Validator":
    from jsonschema import Draft202012Validator  # two seconds of imports that the portal's start has no use for

    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def _compose(text: str, name: str) -> yaml.Node:
    try:
        tree = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        sentence = f"{error.problem}. Put the YAML right at this place."
        raise Invalid({where: sentence}, code="data.contract.invalid") from error
    if tree is None:
        raise Invalid(
            {f"{name}:1:1": "The contract is empty. Start from docs/custodian.md."}, code="data.contract.invalid"
        )
    return tree


def _places(node: yaml.Node, path: Place, *, name: str) -> Iterator[tuple[Place, yaml.Mark]]:
    """Yield the place of every value, by its path; the same key twice in one mapping is a fault of its own."""
    yield path, node.start_mark
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                where = f"{name}:{key.start_mark.line + 1}:{key.start_mark.column + 1}"
                raise Invalid(
                    {where: f"“{key.value}” is given twice. Keep one of the two."}, code="data.contract.invalid"
                )
            seen.add(key.value)
            yield from _places(value, (*path, key.value), name=name)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield from _places(value, (*path, number), name=name)


def _where(name: str, places: Mapping[Place, yaml.Mark], place: Place) -> str:
    while place not in places:
        place = place[:-1]
    mark = places[place]
    return f"{name}:{mark.line + 1}:{mark.column + 1}"


def _told(name: str, places: Mapping[Place, yaml.Mark], faults: Sequence[Fault]) -> Invalid:
    sentences: dict[str, str] = {}
    for place, sentence in faults:
        where = _where(name, places, place)
        sentences[where] = f"{sentences[where]} {sentence}" if where in sentences else sentence
    return Invalid(sentences, code="data.contract.invalid")


def _of_schema(fault: "ValidationError") -> Iterator[Fault]:
    """Yield the place and sentence of a fault; of words that do not belong, one each, at its own place."""
    path = tuple(fault.absolute_path)
    if fault.validator != "additionalProperties":
        yield path, _sentence(fault)
        return
    instance: Any = fault.instance
    schema: Any = fault.schema
    for word in instance:
        if word not in schema["properties"]:
            yield (*path, word), f"“{word}” is no part of a contract here. Remove it, or correct its spelling."


def _sentence(fault: "ValidationError") -> str:
    remedies: Mapping[str, str] = {
        "required": "Add it.",
        "enum": "Use one of the words listed.",
        "pattern": "Use lower-case letters, digits and underscores, a letter first."
        if "name" in fault.absolute_path
        else "Follow the pattern given.",
        "type": "Give a value of that type.",
    }
    message = fault.message[0].upper() + fault.message[1:]
    return f"{message}. {remedies.get(str(fault.validator), 'See contract.schema.json for what is expected here.')}"
