"""Every rule is named with its effect and source, the effect is what its findings say, and the page in docs is current."""

from pathlib import Path

import pytest

from output_checking.domain.checks.files import file_kinds, identifiers, pictures, small_counts
from output_checking.domain.checks.files.examine import examine
from output_checking.domain.checks.files.explained import renewed
from output_checking.domain.checks.files.finding import Severity
from output_checking.domain.checks.files.rules import BLOCKS, RULES, WARNS
from tests.factories.outputs import NHS_NUMBER, PSEUDONYM, chunk, png, text_chunk

DOCS = Path(__file__).parents[3] / "docs/output-checker.md"
# a file for each rule
EXAMPLES: dict[str, tuple[str, bytes]] = {
    small_counts.UNDER: ("a.csv", b"band,n\na,3\n"),
    small_counts.ZERO: ("a.csv", b"band,n\na,0\n"),
    file_kinds.KIND: ("a.svg", b"<svg/>"),
    file_kinds.UNREADABLE: ("a.csv", b'"x,3\n'),
    file_kinds.ROWS: ("a.csv", b"band,mean\n" + b"x,1.5\n" * 5001),
    file_kinds.COLUMNS: ("a.csv", b"a," * 201 + b"a\n" + b"1.5," * 201 + b"1.5\n"),
    file_kinds.LENGTH: ("a.txt", b"word " * 50_000),
    file_kinds.RAGGED: ("a.csv", b"band,mean\na,1.5,2.5\n"),
    file_kinds.HIDDEN: ("a.txt", "a\u200bb".encode()),
    identifiers.NHS_NUMBER: ("a.txt", NHS_NUMBER.encode()),
    identifiers.PSEUDONYM: ("a.txt", PSEUDONYM.encode()),
    identifiers.BIRTH_DATE: ("a.txt", b"dob: 12/03/1956"),
    identifiers.POSTCODE: ("a.txt", b"at SW1A 1AA"),
    pictures.BROKEN: ("a.png", png()[:50]),
    pictures.BEHIND: ("a.png", png() + b"x"),
    pictures.CARRIED: ("a.png", png(chunk(b"eXIf", b"x"))),
    pictures.TEXT: ("a.png", png(text_chunk("Comment", "x"))),
    pictures.SIZE: ("a.png", png().replace(chunk(b"IHDR", b"\0\0\0\4\0\0\0\4\x08\0\0\0\0"), chunk(b"IHDR", b"\0\1\0\0\0\1\0\0\x08\0\0\0\0"))),
}  # fmt: skip


def test_every_rule_that_is_declared_is_named_and_has_an_example() -> None:
    declared = {
        value
        for module in (file_kinds, identifiers, pictures, small_counts)
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, str) and value.startswith(module.__name__.rpartition(".")[2] + ".")
    }
    assert declared == set(RULES) == set(EXAMPLES)


@pytest.mark.parametrize("rule", RULES)
def test_a_finding_of_each_rule_weighs_what_its_effect_says(rule: str) -> None:
    name, body = EXAMPLES[rule]
    found = [one for one in examine(name, body, threshold=10).findings if one.rule == rule]
    assert found
    assert {one.severity for one in found} == {{BLOCKS: Severity.BLOCK, WARNS: Severity.WARN}[RULES[rule].effect]}
    assert all(one.remedy and one.sentence.endswith((".", "!")) for one in found)


def test_the_table_in_docs_is_made_of_the_rules() -> None:
    page = DOCS.read_text()
    assert renewed(page) == page, "run: python -m output_checking.domain.checks.files.explained"
