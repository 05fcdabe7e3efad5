"""One word runs through a feature: every action has a rule, a test of the rule, a service that asks, and an event."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture._sources import named, parsed, python_files
from tre.audit.domain.words import say_event
from tre.kernel.authz import Action
from tre.kernel.events import Event
from tre.plumbing.config import CHECKOUT

REGO = CHECKOUT / "tre/policy/rego/tre"
ROOMS = (
    "tre/people",
    "tre/projects",
    "tre/data",
    "tre/sessions",
    "tre/audit",
    "tre/register",
    "output_checking",
    "tre/entrypoints",
)
_ASKING = {"check", "conditions", "why_not", "may"}


def _calls(names: set[str]) -> Iterator[tuple[str, ast.Call]]:
    """Every call of a method of one of these names, with the file it is in."""
    for path in python_files("tre", "output_checking"):
        if not named(path).startswith(ROOMS):
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in names:
                yield named(path), node


def _events() -> dict[str, str]:
    """Event name to the file that records it, wherever the name stands there in one piece."""
    found: dict[str, str] = {}
    for path, call in _calls({"record"}):
        for value in (one.value for one in call.args[:1] if isinstance(one, ast.Constant)):
            found[str(value)] = path
    return found


@pytest.mark.parametrize("action", list(Action))
def test_every_action_has_a_rule_and_its_test(action: Action) -> None:
    room, thing, verb = str(action).split(".")
    rules = (REGO / room / f"{thing}.rego").read_text()
    assert f"package tre.{room}.{thing}" in rules
    assert re.search(rf'"{verb}":', rules), f"{room}/{thing}.rego says nothing of {verb}"
    tests = (REGO / room / f"{thing}_test.rego").read_text()
    assert re.search(rf'"{action}"|"{verb}"', tests), f"{thing}_test.rego does not try {verb}"


@pytest.mark.parametrize("action", list(Action))
def test_every_action_is_asked_by_a_service(action: Action) -> None:
    asking = {path for path, call in _calls(_ASKING) if action.name in ast.dump(call)}
    tables = {
        named(path) for path in python_files("tre", "output_checking") if f"Action.{action.name}" in path.read_text()
    }
    assert (asking | tables) - {"tre/policy/opa.py", "tre/kernel/authz.py"}, f"nobody asks for {action}"


@pytest.mark.parametrize("thing", sorted({str(action).rpartition(".")[0] for action in Action}))
def test_every_thing_that_is_decided_on_leaves_an_event(thing: str) -> None:
    room = thing.split(".", maxsplit=1)[0]
    assert any(name.startswith((f"{thing}.", f"{room}.")) for name in _events())


@pytest.mark.parametrize("name", sorted(_events()))
def test_every_event_is_said_in_words(name: str) -> None:
    Event(name=name, at=None, person_id="")  # type: ignore[arg-type]
    assert say_event(name) != " ".join(name.split(".")[1:]).replace("_", " "), f"{name} has no phrase"
