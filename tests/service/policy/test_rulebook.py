"""Actions, facts, rules and the page about them are one: what one of them has, the others have."""

import json
import subprocess
from dataclasses import fields
from pathlib import Path
from typing import Any, get_origin, get_type_hints

import pytest

from tests.fixtures.opa import opa_binary
from tre.kernel.authz import Action, Facts
from tre.kernel.facts import (
    AssessmentFacts,
    BridgeFacts,
    DatasetFacts,
    ExemptionFacts,
    NoFacts,
    PersonFacts,
    PersonListFacts,
    ProjectFacts,
    ReidentificationFacts,
    RequestFacts,
    SnapshotFacts,
    Standing,
    VersionFacts,
    WorkspaceFacts,
)
from tre.policy.bundle import REGO
from tre.policy.rulebook import page

PAGE = Path(__file__).parents[3] / "docs/decisions.md"
KINDS: dict[str, type[Facts]] = {
    "none": NoFacts,
    "person": PersonFacts,
    "project": ProjectFacts,
    "dataset": DatasetFacts,
    "snapshot": SnapshotFacts,
    "version": VersionFacts,
    "person_list": PersonListFacts,
    "exemption": ExemptionFacts,
    "assessment": AssessmentFacts,
    "reidentification": ReidentificationFacts,
    "bridge": BridgeFacts,
    "workspace": WorkspaceFacts,
    "request": RequestFacts,
}
REGO_TYPE = {str: "string", int: "number", bool: "boolean", tuple: "array", Standing: "object"}


def asked(query: str) -> Any:
    command: list[str | Path] = [opa_binary(), "eval", "--data", REGO, "--format", "raw", query]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.fixture(scope="module")
def rules() -> dict[str, Any]:
    """All rules' values without a question: the tables of objections and facts."""
    found: dict[str, Any] = asked("data.tre")
    return found


def typed(kind: type[Any]) -> dict[str, str]:
    hints = get_type_hints(kind)
    return {field.name: REGO_TYPE[get_origin(hints[field.name]) or hints[field.name]] for field in fields(kind)}


def test_every_action_has_its_rule_and_every_rule_its_action(rules: dict[str, Any]) -> None:
    ruled = {
        f"{room}.{noun}.{verb}"
        for room, nouns in rules.items()
        for noun, found in nouns.items()
        if isinstance(found, dict) and "objections" in found
        for verb in found["objections"]
    }
    assert ruled == {str(action) for action in Action}


def test_the_rules_know_the_services_facts_field_by_field(rules: dict[str, Any]) -> None:
    assert rules["shape"]["kinds"] == {name: typed(kind) for name, kind in KINDS.items()}
    assert rules["shape"]["standing"] == typed(Standing)


def test_every_noun_has_its_test_beside_it() -> None:
    alone = [path for path in REGO.rglob("*.rego") if "_test" not in path.name]
    assert [path.name for path in alone if not path.with_name(f"{path.stem}_test.rego").exists()] == []


def test_the_page_is_current() -> None:
    assert PAGE.read_text() == page(opa_binary()), "run: python -m tre.policy.rulebook OPA > docs/decisions.md"
