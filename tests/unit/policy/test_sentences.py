"""Every reason code of the rules has its sentence, every sentence its code, and each says what to do."""

import re

import pytest

from tre.kernel.authz import Action
from tre.policy.answers import NO_REASON
from tre.policy.bundle import REGO, rules
from tre.policy.sentences import SENTENCES, sentence

TEXT = "\n".join(rules(REGO).values())
QUOTED = set(re.findall(r'"((?:people|projects|data|sessions|outputs|audit|policy)\.[a-z_.]+)"', TEXT))
CODES = QUOTED - {str(action) for action in Action}
LIFTED = set(re.findall(r'lifted contains "([a-z_.]+)"', TEXT))
OF_THE_GATE = {
    "people.command_line.needed",
    "people.sign_in.needed",
    "policy.action.unknown",
    "policy.question.malformed",
}


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    assert CODES | {NO_REASON} == set(SENTENCES)


def test_every_objection_can_be_lifted() -> None:
    assert CODES - OF_THE_GATE == LIFTED


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_says_what_is_the_matter_and_what_to_do(code: str) -> None:
    assert re.fullmatch(r"[A-Z][^<>{}]*\. [A-Z][^<>{}]*\.|[A-Z][^<>{}]*\.", SENTENCES[code])
    assert SENTENCES[code].count(". ") >= 1
    assert sentence(code) == SENTENCES[code]


def test_an_unknown_code_is_named() -> None:
    assert "people.some.code" in sentence("people.some.code")
