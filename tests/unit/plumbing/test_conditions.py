"""A policy's conditions become a clause over named columns, and nothing else."""

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, select

from tre.kernel.conditions import AllOf, Always, AnyOf, Compare, Condition, Never
from tre.plumbing.conditions import clause

ROWS = Table(
    "row", MetaData(), Column("number", Integer, primary_key=True), Column("state", String), Column("age", Integer)
)
COLUMNS = {"state": ROWS.c.state, "age": ROWS.c.age}


def found(condition: Condition) -> set[int]:
    engine = create_engine("sqlite://")
    ROWS.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(
            ROWS.insert(), [{"state": "draft", "age": 1}, {"state": "open", "age": 5}, {"state": None, "age": 9}]
        )
        return {row.number for row in connection.execute(select(ROWS.c.number).where(clause(condition, COLUMNS)))}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Always(), {1, 2, 3}),
        (Never(), set()),
        (Compare("state", "eq", "open"), {2}),
        (Compare("state", "ne", "draft"), {2, 3}),
        (Compare("age", "lt", 5), {1}),
        (Compare("age", "le", 5), {1, 2}),
        (Compare("age", "gt", 5), {3}),
        (Compare("age", "ge", 5), {2, 3}),
        (Compare("state", "in", ("draft", "open")), {1, 2}),
        (AllOf((Compare("state", "ne", "draft"), Compare("age", "lt", 9))), {2}),
        (AnyOf((Compare("age", "eq", 1), Compare("age", "eq", 9))), {1, 3}),
        (AnyOf(()), set()),
        (AllOf(()), {1, 2, 3}),
    ],
)
def test_each_condition_finds_its_rows(condition: Condition, expected: set[int]) -> None:
    assert found(condition) == expected


@pytest.mark.parametrize("condition", [Compare("secret", "eq", "x"), Compare("state", "regex", "x")])
def test_an_unknown_field_or_operator_shows_nothing(condition: Condition) -> None:
    with pytest.raises(KeyError):
        clause(condition, COLUMNS)
