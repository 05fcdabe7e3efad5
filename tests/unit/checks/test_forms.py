"""The text and the page of an answer: every cell is there under its own name, and each finding can be read."""

import re
from typing import Any

import pytest

from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.command.grid import set_out, shown
from output_checking.domain.checks.command.html import as_html
from output_checking.domain.checks.command.plain import width_of
from output_checking.domain.checks.command.text import as_text
from tests.factories.records import judged

ODD = ["", " ", "Total", "a / b", "\x1b[31mred", "a\u202eevil", "<b>bold</b>", "東京都", "e\u0301t\u00e9", "x\ny"]
STRICT = Appetite(threshold=31)


def odd(**more: Any) -> Answer:
    """Return the answer on ten odd levels of 30 persons, of whom each is one too few."""
    names = [one for one in ODD for _ in range(30)]
    return judged({"g": names, "s": ["x", "y"] * 150}, {"rows": ["g"], **more}, appetite=STRICT)


def test_no_cell_is_lost_to_another_of_the_same_name() -> None:
    """A level called Total beside the totals; ('a', 'b / c') and ('a / b', 'c')."""
    answer = odd(columns=["s"], margins=True)
    assert len(set_out(answer).cells) == len(answer.cells) == 11 * 3
    twice = judged({"g": ["a", "a / b"] * 20, "h": ["b / c", "c"] * 20}, {"rows": ["g", "h"]})
    assert len(set_out(twice).cells) == len(twice.cells)
    text = as_text(twice)
    assert 'a / "b / c"' in text
    assert '"a / b" / c' in text


def test_levels_cannot_steer_what_is_around_them() -> None:
    answer = odd(title="t\x1b]0;owned\x07")
    for told in (as_text(answer), as_html(answer)):
        assert not set(told) & {"\x1b", "\x07", "\u202e"}
    page = as_html(answer)
    assert "<b>bold</b>" not in page
    assert '<th scope="row"><bdi>&lt;b&gt;bold&lt;/b&gt;</bdi></th>' in page
    assert '<th scope="row"><bdi>(empty)</bdi></th>' in page
    assert '<th scope="row"><bdi>&quot;Total&quot;</bdi></th>' in page


@pytest.mark.parametrize("width", ["40", "80", "300"])
def test_the_text_keeps_to_the_terminal(width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    lines = as_text(odd(columns=["s"], margins=True)).splitlines()
    assert max(map(width_of, lines)) <= int(width)
    table = [line for line in lines if line.startswith(("g  ", "東京都", "Total"))]
    ends = {width_of(line.rstrip(" !")) for line in table if line.endswith("!") or "x" in line}
    assert len(ends) <= 2, "columns stand under each other, whatever the signs"


def test_many_columns_are_folded_and_each_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    answer = judged({"g": ["a", "b"] * 400, "h": [f"level {one % 40}" for one in range(800)]}, {"columns": ["h"]})
    text = as_text(answer)
    assert set(re.findall(r"level \d+", text)) == {f"level {one}" for one in range(40)}
    assert text.count("\nAll ") > 5


def test_long_names_stay_apart() -> None:
    names = ["a very long name that ends in one", "a very long name that ends in two"]
    text = as_text(judged({"g": names * 30}, {"rows": ["g"]}))
    assert "a very long… ends in one" in text
    assert "a very long… ends in two" in text


def test_a_total_of_a_table_in_one_direction_stands_below_its_cells() -> None:
    answer = judged(
        {"g": ["a", "b"] * 30, "x": range(60)}, {"rows": ["g"], "statistic": "sum", "measure": "x", "margins": True}
    )
    assert as_text(answer).splitlines()[2:7] == [
        "sum of x by g:",
        "g      sum of x",
        "a           870",
        "b           900",
        "Total     1,770",
    ]


def test_a_hidden_cell_is_said_to_be_hidden() -> None:
    spec = {"rows": ["g"], "suppressed": [{"row": ["a"], "column": []}]}
    answer = judged({"g": ["a"] * 30 + ["b"] * 30}, spec)
    assert re.search(r"^a +hidden$", as_text(answer), re.MULTILINE)
    assert "<bdi>hidden</bdi>" in as_html(answer)


def test_what_is_found_alike_in_many_cells_is_told_once() -> None:
    text, page = as_text(odd()), as_html(odd())
    assert text.count("A reader could learn: ") == 1
    assert "UNSAFE: Too few persons [threshold], 10 cells" in text
    assert text.count("at least 31 are needed") == 10
    assert page.count('<a href="#cell-') == 10
    one = as_text(judged({"g": ["a"] + ["b"] * 30}, {"rows": ["g"]}))
    assert "a: 1 person is in it;" in one


def test_a_table_too_large_for_a_terminal_is_counted_and_said_so() -> None:
    text = as_text(judged({"g": list(range(3000))}, {"rows": ["g"]}))
    assert "3,000 cells, 3,000 of them unsafe and 0 for review: too many for a terminal." in text
    assert len(text.splitlines()) < 30


@pytest.mark.parametrize(
    ("value", "words"),
    [(1949321.6, "1,949,322"), (1234, "1,234"), (0.12341, "0.1234"), (-2500.5, "-2,500"), (None, "–"), ("a\x07", "a�"), (1e20, "1e+20")],
)  # fmt: skip
def test_values_are_written_as_people_read_them(value: float | str | None, words: str) -> None:
    assert shown(value) == words
