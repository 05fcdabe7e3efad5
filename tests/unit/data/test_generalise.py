"""Generalisation: what each rule shows of a value, as the engine computes it."""

from datetime import date, datetime
from typing import Any

import duckdb
import pytest

from tre.data.contracts.lists import shipped_geographies
from tre.data.domain.contract import Column, ColumnClass, ColumnType, Generalisation, Geography, Rule, shift_bound
from tre.data.engine.generalise import published_value

ON = date(2026, 6, 15)
REGION = Generalisation(kind=Rule.GEOGRAPHY, geography=shipped_geographies()["region by postcode area"])
ZIP = Generalisation(kind=Rule.GEOGRAPHY, geography=shipped_geographies()["three-digit ZIP code"])
SIDES = Geography(name="side", meaning="Side", key="^([A-Z])", areas={"left": ("A",)}, elsewhere="somewhere")
ELSEWHERE = Generalisation(kind=Rule.GEOGRAPHY, geography=SIDES)
YEARS = Generalisation(kind=Rule.ROUNDING, step=5, lowest=1935)
SEXES = Generalisation(kind=Rule.RECODE, codes={1: "male", 2: "female", 3: "female"}, otherwise="not told")
LEVELS = Generalisation(kind=Rule.RECODE, codes={"a": 1, "b": 1, "c": 2})


def column(kind: ColumnType, rule: Generalisation) -> Column:
    return Column(name="it", source="it", kind=ColumnClass.GENERALISE, type=kind, meaning="It", rule=rule)


def shown(one: Column, value: object, *, shift: int = 0) -> Any:
    kinds = {ColumnType.TEXT: "VARCHAR", ColumnType.INTEGER: "BIGINT", ColumnType.DECIMAL: "DOUBLE"}
    kind = kinds.get(one.type, one.type.upper())
    with duckdb.connect() as engine:
        given = f"(SELECT CAST($1 AS {kind}) AS it) s, (SELECT CAST($2 AS INTEGER) AS shift_days) p"
        found = engine.execute(f"SELECT {published_value(one, on=ON)} FROM {given}", [value, shift]).fetchone()
    assert found is not None
    return found[0]


@pytest.mark.parametrize(
    ("kind", "rule", "value", "expected"),
    [
        (ColumnType.DATE, Generalisation(kind=Rule.YEAR), "1950-12-31", 1950),
        (ColumnType.TIMESTAMP, Generalisation(kind=Rule.MONTH), "2020-02-29 13:14:15", date(2020, 2, 1)),
        (ColumnType.DATE, Generalisation(kind=Rule.AGE_BAND), "1986-06-15", "40-44"),
        (ColumnType.DATE, Generalisation(kind=Rule.AGE_BAND), "1986-06-16", "35-39"),
        (ColumnType.DATE, Generalisation(kind=Rule.AGE_BAND), "1936-06-15", "90+"),
        (ColumnType.DATE, Generalisation(kind=Rule.AGE_BAND), "2026-06-16", None),
        (ColumnType.DATE, Generalisation(kind=Rule.AGE_BAND, width=10, top=85), "1943-01-01", "80-84"),
        (ColumnType.INTEGER, Generalisation(kind=Rule.AGE_BAND, width=10, top=80), 7, "00-09"),
        (ColumnType.INTEGER, Generalisation(kind=Rule.AGE_BAND, width=10, top=80), 80, "80+"),
        (ColumnType.TEXT, Generalisation(kind=Rule.OUTWARD_POSTCODE), "sw1a 1aa", "SW1A"),
        (ColumnType.TEXT, Generalisation(kind=Rule.OUTWARD_POSTCODE), "no postcode", None),
        (ColumnType.TEXT, REGION, "EH1 1AA", "Scotland"),
        (ColumnType.TEXT, REGION, "B1 2CD", "West Midlands"),
        (ColumnType.TEXT, REGION, "ZZ9 9ZZ", None),
        (ColumnType.TEXT, ELSEWHERE, "A1", "left"),
        (ColumnType.TEXT, ELSEWHERE, "z1", "somewhere"),
        (ColumnType.TEXT, ELSEWHERE, "1", None),
        (ColumnType.TEXT, ZIP, "02138", "021"),
        (ColumnType.TEXT, ZIP, "03601-1234", "000"),
        (ColumnType.TEXT, ZIP, "here", None),
        (ColumnType.INTEGER, YEARS, 1912, 1935),
        (ColumnType.INTEGER, YEARS, 1968, 1970),
        (ColumnType.DECIMAL, Generalisation(kind=Rule.ROUNDING, step=0.5), 1.74, 1.5),
        (ColumnType.DECIMAL, Generalisation(kind=Rule.ROUNDING, step=10, highest=100), 250.0, 100.0),
        (ColumnType.INTEGER, SEXES, 3, "female"),
        (ColumnType.INTEGER, SEXES, 9, "not told"),
        (ColumnType.TEXT, LEVELS, "c", 2),
        (ColumnType.TEXT, LEVELS, "d", None),
    ],
)
def test_a_rule_shows_the_coarser_value(
    kind: ColumnType, rule: Generalisation, value: object, expected: object
) -> None:
    one = column(kind, rule)
    assert shown(one, value) == expected
    assert shown(one, None) is None


def test_the_type_that_is_told_is_the_type_that_comes() -> None:
    told = {ColumnType.TEXT: str, ColumnType.INTEGER: int, ColumnType.DECIMAL: float, ColumnType.DATE: date}
    for kind, rule, value in [
        (ColumnType.DATE, Generalisation(kind=Rule.YEAR), "1950-12-31"),
        (ColumnType.DATE, Generalisation(kind=Rule.MONTH), "1950-12-31"),
        (ColumnType.DATE, Generalisation(kind=Rule.AGE_BAND), "1950-12-31"),
        (ColumnType.DATE, Generalisation(kind=Rule.DATE_SHIFT, most_days=30), "1950-12-31"),
        (ColumnType.INTEGER, YEARS, 1950),
        (ColumnType.DECIMAL, Generalisation(kind=Rule.ROUNDING, step=5), 7.0),
        (ColumnType.INTEGER, SEXES, 1),
        (ColumnType.TEXT, LEVELS, "a"),
        (ColumnType.TEXT, REGION, "EH1 1AA"),
    ]:
        one = column(kind, rule)
        assert type(shown(one, value)) is told[one.published_type], (kind, rule)


def test_a_shift_moves_all_moments_alike() -> None:
    rule = Generalisation(kind=Rule.DATE_SHIFT, most_days=365)
    assert shown(column(ColumnType.DATE, rule), "2020-03-01", shift=-1) == date(2020, 2, 29)
    assert shown(column(ColumnType.TIMESTAMP, rule), "2020-03-01 10:00:00", shift=-1) == datetime.fromisoformat(
        "2020-02-29 10:00:00"
    )


def test_the_smallest_bound_of_the_columns_bounds_the_shift() -> None:
    columns = [column(ColumnType.DATE, Generalisation(kind=Rule.DATE_SHIFT, most_days=most)) for most in (365, 30, 90)]
    assert shift_bound(columns) == 30
    assert shift_bound([column(ColumnType.DATE, Generalisation(kind=Rule.YEAR))]) == 0


def test_every_postcode_area_lies_in_one_region() -> None:
    areas = [code for codes in shipped_geographies()["region by postcode area"].areas.values() for code in codes]
    assert len(areas) == len(set(areas)) == 124
