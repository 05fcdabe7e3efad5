"""The terms of use: shown whole, hashed as signed."""

from tre.people.domain.terms import Block, Terms
from tre.people.service.terms import TEXTS, current_terms


def test_blocks() -> None:
    terms = Terms(version="1", text="First\nline.\n\n## A heading\n\n- one\n- two\n")
    assert terms.blocks == (
        Block("text", ("First line.",)),
        Block("heading", ("A heading",)),
        Block("list", ("one", "two")),
    )


def test_no_word_of_the_terms_is_lost_on_the_page() -> None:
    terms = current_terms()
    shown = " ".join(line for block in terms.blocks for line in block.lines)
    stored = terms.text.replace("## ", "").replace("\n- ", "\n")
    assert shown.split() == stored.split()


def test_the_newest_version_is_in_force() -> None:
    assert current_terms().version == max(path.stem for path in TEXTS.glob("*.md"))
