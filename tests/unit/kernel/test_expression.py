"""Which rows a project needs, in words that can say nothing else: read rightly, or refused with place and remedy."""

import contextlib
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tre.kernel.errors import Invalid
from tre.kernel.expression import (
    DEEPEST,
    LONGEST,
    MOST_VALUES,
    Comparison,
    Joined,
    Kind,
    Membership,
    Missing,
    Negation,
    columns_of,
    parse,
)

COLUMNS = {
    "age": Kind.INTEGER,
    "code": Kind.TEXT,
    "seen_on": Kind.DATE,
    "at": Kind.TIMESTAMP,
    "dose": Kind.DECIMAL,
    "alive": Kind.BOOLEAN,
    "and": Kind.TEXT,
}
OLD = Comparison(column="age", sign=">=", value=40)
CODED = Comparison(column="code", sign="=", value="I21")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("age >= 40", OLD),
        (" age>=40 ", OLD),
        ("code = 'I21'", CODED),
        ("code != 'it''s'", Comparison(column="code", sign="<>", value="it's")),
        ("seen_on < '2020-02-29'", Comparison(column="seen_on", sign="<", value=date(2020, 2, 29))),
        ("at > '2020-01-31 08:30'", Comparison(column="at", sign=">", value=datetime.fromisoformat('2020-01-31 08:30'))),
        ("dose <= -7.5", Comparison(column="dose", sign="<=", value=-7.5)),
        ("alive = TRUE", Comparison(column="alive", sign="=", value=True)),
        ("code in ('A', 'B')", Membership(column="code", values=("A", "B"))),
        ("code NOT IN ('A')", Negation(of=Membership(column="code", values=("A",)))),
        ("code is null", Missing(column="code")),
        ("code is not null", Negation(of=Missing(column="code"))),
        ("age >= 40 or code = 'I21' and not alive = true",
         Joined(by="or", parts=(OLD, Joined(by="and", parts=(CODED, Negation(of=Comparison(column="alive", sign="=", value=True))))))),
        ("(age >= 40 or code = 'I21') and age >= 40",
         Joined(by="and", parts=(Joined(by="or", parts=(OLD, CODED)), OLD))),
        ("age between 40 and 69 and code = 'I21'",
         Joined(by="and", parts=(Joined(by="and", parts=(OLD, Comparison(column="age", sign="<=", value=69))), CODED))),
        ("\"and\" = 'x'", Comparison(column="and", sign="=", value="x")),
    ],
)  # fmt: skip
def test_what_is_said_is_what_is_read(text: str, tree: object) -> None:
    assert parse(text, COLUMNS) == tree


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ("", 1, "Name a column"),
        ("height = 1", 1, "There are: age, alive"),
        ("age = 'x'", 7, "whole number without quotes"),
        ("age = 4.5", 7, "whole number"),
        ("age = 99999999999999999999", 7, "whole number"),
        ("at > '2020-01-31 08:30+01:00'", 6, "a moment"),
        ("code = 5", 8, "single quotes"),
        ("code = I21", 8, "single quotes"),
        ("seen_on > '31/12/2020'", 11, "year-month-day"),
        ("seen_on > '2021-02-29'", 11, "year-month-day"),
        ("alive = 1", 9, "true or false"),
        ("age", 4, "ends too early"),
        ("age =", 6, "ends too early"),
        ("40 < age", 1, "column on the left"),
        ("age like 4", 5, "use one of"),
        ("(age = 4", 9, "Close the bracket"),
        ("age = 4)", 8, "join conditions"),
        ("age = 4 code = 'x'", 9, "join conditions"),
        ("code in 'x'", 9, "in brackets"),
        ("code in ()", 10, "single quotes"),
        ("code in ('x'", 13, "Close the list"),
        ("age between 4", 14, "between LOW and HIGH"),
        ("code is 'x'", 9, "is null or is not null"),
        ("code not = 'x'", 10, "After 'not'"),
        ("code = 'x", 8, "closing quote"),
        ("age = 4; drop table x", 8, "means nothing here"),
        ("age = 4 -- x", 9, "means nothing here"),
        ("age = (select 1)", 7, "whole number"),
        ("upper(code) = 'x'", 1, "There are"),
        ("age = 4 union", 9, "join conditions"),
        ("аge = 4", 1, "means nothing here"),  # a Cyrillic letter that looks like a Latin one
    ],
)
def test_what_is_wrong_is_told_with_place_and_remedy(text: str, place: int, remedy: str) -> None:
    with pytest.raises(Invalid) as fault:
        parse(text, COLUMNS)
    (sentence,) = fault.value.fields.values()
    assert f"At character {place}:" in sentence
    assert remedy in sentence


def test_bounds_hold() -> None:
    nested = "(" * DEEPEST + "age = 4" + ")" * DEEPEST
    assert parse(nested, COLUMNS) == Comparison(column="age", sign="=", value=4)
    many = ", ".join(["1"] * (MOST_VALUES + 1))
    for text in (f"({nested})", "not " * 60 + "age = 4", f"age in ({many})", "age = 4" + " " * LONGEST):
        with pytest.raises(Invalid):
            parse(text, COLUMNS)


def test_the_columns_of_an_expression() -> None:
    text = "not (age = 1 or code in ('x')) and seen_on is null"
    assert columns_of(parse(text, COLUMNS)) == {"age", "code", "seen_on"}


@given(st.text(max_size=80) | st.text(alphabet="age cod='()<>!,0123not in between is null\"-;", max_size=80))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    """Nothing but `Invalid` ever comes out."""
    with contextlib.suppress(Invalid):
        parse(text, COLUMNS)
