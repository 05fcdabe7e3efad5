"""The made population: deterministic, in bounds, plausible, spoilt a little on purpose."""

import hashlib
from pathlib import Path

import duckdb
import nhs_number
import pytest

from tests.factories.loaded import PERSONS, Loaded
from tre.data.engine.made import write
from tre.data.engine.made.write import write_hospital
from tre.kernel.errors import Invalid


def digest(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def one(sql: str, folder: Path) -> list[tuple[object, ...]]:
    with duckdb.connect() as engine:
        engine.execute(f"SET file_search_path = '{folder}'")
        return engine.execute(sql).fetchall()


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        write_hospital(tmp_path / name, seed=seed, size=600)
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    assert digest(tmp_path / "a")["persons.csv"] != digest(tmp_path / "c")["persons.csv"]


def test_a_larger_population_in_chunks_numbers_its_stays_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "CHUNK", 200)
    write_hospital(tmp_path / "a", seed=3, size=700)
    assert one("SELECT count(*) - count(DISTINCT nhs_number), count(*) FROM 'persons.csv'", tmp_path / "a") == [
        (0, 700)
    ]
    twice = one(
        "SELECT count(*) FROM (SELECT admission_number FROM 'admissions.csv' GROUP BY ALL HAVING count(*) > 1)",
        tmp_path / "a",
    )
    assert twice == [(4,)]


def test_what_is_there_is_not_made_again(tmp_path: Path) -> None:
    events = write_hospital(tmp_path / "a", seed=3, size=300)
    made = (tmp_path / "a/persons.csv").stat().st_mtime_ns
    assert write_hospital(tmp_path / "a", seed=3, size=300) == events
    assert (tmp_path / "a/persons.csv").stat().st_mtime_ns == made
    write_hospital(tmp_path / "a", seed=3, size=301)
    assert (tmp_path / "a/persons.csv").stat().st_mtime_ns != made


@pytest.mark.parametrize("size", [0, -1, 900_001])
def test_a_size_out_of_range_is_refused(tmp_path: Path, size: int) -> None:
    with pytest.raises(Invalid, match="1 to 900,000"):
        write_hospital(tmp_path / "a", seed=1, size=size)
    assert not (tmp_path / "a").exists()


def test_about_twenty_events_a_person(loaded: Loaded) -> None:
    rows = sum(one["rows"] for one in loaded.versions["hospital"].manifest["tables"] if one["name"] != "persons")
    assert 17 < rows / PERSONS < 23


def test_numbers_names_and_opt_outs(loaded: Loaded) -> None:
    raw = loaded.raw("hospital")
    numbers = [str(row[0]) for row in one("SELECT nhs_number FROM 'persons.csv' LIMIT 300", raw)]
    assert all(nhs_number.is_valid(number) and number.startswith("999") for number in numbers)
    share = one("SELECT (SELECT count(*) FROM 'opt_outs.csv') / (SELECT count(*) FROM 'persons.csv')", raw)[0][0]
    assert 0.04 < float(str(share)) < 0.06
    bad = one(
        r"SELECT count(*) FROM 'persons.csv' WHERE NOT regexp_full_match(postcode, '[A-Z]{1,2}\d{1,2} \d[A-Z]{2}')", raw
    )
    assert bad == [(0,)]


def test_nothing_happens_before_birth_or_after_death(loaded: Loaded) -> None:
    raw = loaded.raw("hospital")
    for table, day in (("admissions", "admitted_on"), ("prescriptions", "issued_on"), ("diagnoses", "diagnosed_on")):
        outside = one(
            f"SELECT count(*) FROM '{table}.csv' e JOIN 'persons.csv' p USING (nhs_number) LEFT JOIN 'deaths.csv' d USING (nhs_number) "
            f"WHERE e.{day} < p.date_of_birth OR e.{day} > d.died_on OR e.{day} NOT BETWEEN '2019-01-01' AND '2023-12-31'",
            raw,
        )
        assert outside == [(0,)], table


def test_illness_follows_age_sex_and_season(loaded: Loaded) -> None:
    raw = loaded.raw("hospital")
    winter = one(
        "SELECT count(*) FILTER (month(diagnosed_on) IN (11, 12, 1, 2)) / count(*) FROM 'diagnoses.csv' WHERE icd10 IN ('J18', 'J06', 'J10')",
        raw,
    )
    assert float(str(winter[0][0])) > 0.45
    ages = one(
        "SELECT avg(date_diff('year', date_of_birth, diagnosed_on)) FILTER (icd10 = 'F03'), "
        "avg(date_diff('year', date_of_birth, diagnosed_on)) FILTER (icd10 = 'J21'), "
        "count(*) FILTER (icd10 IN ('O80', 'C50') AND sex = 'male'), count(*) FILTER (icd10 = 'C61' AND sex = 'female') "
        "FROM 'diagnoses.csv' JOIN 'persons.csv' USING (nhs_number)",
        raw,
    )[0]
    assert float(str(ages[0])) > 70
    assert float(str(ages[1])) < 19
    assert ages[2:] == (0, 0)
