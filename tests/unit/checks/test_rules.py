"""Each rule's own examples, worked out by hand, come out as they say."""

import pytest

from infra.setup.paths import CHECKOUT
from output_checking.domain.checks.rules.catalogue import CELL_RULES
from output_checking.domain.checks.rules.page import PAGE, page
from output_checking.domain.checks.rules.rule import Rule, Vector

EXAMPLES = [
    pytest.param(rule, vector, id=f"{rule.id}: {vector.told}") for rule in CELL_RULES for vector in rule.vectors
]


@pytest.mark.parametrize(("rule", "vector"), EXAMPLES)
def test_example(rule: Rule, vector: Vector) -> None:
    assert rule.applies(vector.case.spec)
    assert any(found.weight == "unsafe" for found in rule.judge(vector.case)) is vector.is_found


@pytest.mark.parametrize("rule", CELL_RULES, ids=lambda rule: rule.id)
def test_a_rule_has_examples_on_both_sides_and_says_where_it_comes_from(rule: Rule) -> None:
    assert {vector.is_found for vector in rule.vectors} == {True, False}
    assert all((rule.formula, rule.default, rule.source, rule.meaning))


def test_the_page_of_rules_is_as_the_rules_are() -> None:
    assert (CHECKOUT / PAGE).read_text(encoding="utf-8") == page(), (
        "run: python -m output_checking.domain.checks.rules.page"
    )
