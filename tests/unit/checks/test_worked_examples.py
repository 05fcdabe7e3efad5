"""The worked examples of the rules on whole outputs are judged as they are told."""

from pathlib import Path

import pytest

from output_checking.domain.checks.command.main import main
from output_checking.domain.checks.finding import Weight
from output_checking.domain.checks.rules.catalogue import CELL_RULES, OUTPUT_RULES, Told
from output_checking.domain.checks.rules.examples import EXAMPLES, examples_of
from output_checking.domain.checks.rules.rule import Rule
from output_checking.domain.checks.rules.worked import Example
from tests.factories.records import judged, rules_in

EVERY = [(rule, one) for rule, examples in EXAMPLES.items() for one in examples]


@pytest.mark.parametrize(("rule", "example"), EVERY, ids=[f"{rule}-{one.told}" for rule, one in EVERY])
def test_it_is_found_as_it_is_told(rule: str, example: Example) -> None:
    answer = judged(example.records, example.spec, earlier=example.earlier)
    found = rules_in(answer) | rules_in(answer, weight=Weight.REVIEW)
    assert (rule in found) is example.is_found


def test_every_rule_has_its_example() -> None:
    """Barnardisation is judged where it is made, as a remedy (`remedies/barnardisation.py`)."""
    assert {one.id for one in OUTPUT_RULES} - set(EXAMPLES) == {"barnardisation"}


@pytest.mark.parametrize("rule", [*CELL_RULES, *OUTPUT_RULES], ids=lambda one: one.id)
def test_the_command_and_the_page_tell_the_same(rule: Rule | Told, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", rule.id]) == 0
    told = " ".join(capsys.readouterr().out.split())
    written = Path("docs/disclosure-checks.md").read_text(encoding="utf-8")
    for words in (rule.name, rule.meaning, rule.formula, rule.source, *(one.told for one in examples_of(rule))):
        assert " ".join(words.split()) in told
        assert words.replace("|", "\\|") in written.replace("\\|", "|").replace("|", "\\|")
    assert "Unsafe when" not in told, "a rule of weight review is not unsafe"
