"""The search for persons finds what is planted, in every wrapping, and is quiet where nothing is."""

import base64
import gzip
import json
import os
import random
import zlib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.house.identifiers import Persons
from tre.data.engine.made.write import write_hospital

NUMBER, NAME, BIRTH, POSTCODE = 9990000018, "Thistlethwaite", date(1951, 8, 17), "LS11 9QX"
PERSONS = Persons({NUMBER, 9990000026}, {NAME, "Mei"}, {BIRTH}, {POSTCODE})
PLANTED = {
    "NHS number": str(NUMBER),
    "NHS number, spaced": "999 000 0018",
    "name": NAME,
    "name, lower case": NAME.lower(),
    "day of birth": "1951-08-17",
    "day of birth, British": "17/08/1951",
    "day of birth, in one": "19510817",
    "postcode": POSTCODE,
    "postcode, in one": "ls119qx",
}
WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda text: text,
    "UTF-16": lambda text: text.decode().encode("utf-16"),
    "UTF-16, big end first": lambda text: text.decode().encode("utf-16-be"),
    "base64": lambda text: base64.b64encode(b"some text before " + text + b" and after"),
    "base64, one byte on": lambda text: base64.b64encode(b"1some text before " + text + b" and after"),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(b"\xff\xfe \xfb" + text + b" and after"),
    "hexadecimal": lambda text: (b"before " + text).hex().encode(),
    "gzip": lambda text: gzip.compress(b"before " + text),
    "zlib": lambda text: zlib.compress(b"before " + (text + b" ") * 20),
    "JSON in base64 in JSON": lambda text: json.dumps(
        {"a": base64.b64encode(json.dumps({"note": text.decode()}).encode()).decode()}
    ).encode(),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize("what", PLANTED)
def test_it_finds_each_kind_in_each_wrapping(what: str, wrapping: str) -> None:
    body = os.urandom(300) + b" \n" + WRAPPINGS[wrapping](PLANTED[what].encode()) + b"\n " + os.urandom(300)
    assert what.partition(",")[0] in {one.kind for one in PERSONS.in_bytes(body, "here")}


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize("before", range(9))
def test_it_finds_a_number_that_is_stored_as_one(order: str, before: int) -> None:
    body = b"\x01" * before + NUMBER.to_bytes(8, order) + b"\x02" * 5  # type: ignore[arg-type]
    assert {one.kind for one in PERSONS.in_bytes(body, "here")} == {"NHS number"}


@pytest.mark.parametrize(
    ("kind", "column"),
    [
        ("NHS number", pa.array([1, NUMBER], pa.int64())),
        ("NHS number", pa.array([1.0, float(NUMBER)])),
        ("NHS number", pa.array(["a", str(NUMBER)])),
        ("NHS number", pa.array([b"a", str(NUMBER).encode()])),
        ("name", pa.array(["nobody", f"Mrs {NAME}"])),
        ("name", pa.array(["nobody", "Mei"])),
        ("day of birth", pa.array([date(2020, 1, 1), BIRTH])),
        ("postcode", pa.array(["LS11", POSTCODE])),
    ],
)
def test_it_looks_into_the_columns_of_parquet(kind: str, column: pa.Array, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    fill = pa.chunked_array([pa.nulls(5000, column.type), column])
    pq.write_table(pa.table({"one": fill}), path, compression="zstd", write_statistics=False)
    assert kind in {one.kind for one in PERSONS.in_file(path)}


def test_it_is_quiet_where_nobody_is(tmp_path: Path) -> None:
    chance = random.Random(5)
    body = (
        chance.randbytes(200_000)
        + base64.b64encode(chance.randbytes(100_000))
        + chance.randbytes(20_000).hex().encode()
    )
    body += b"2026-11-23 09:00:00 POST /projects LS11 9QZ 9990000034 1951-08-18 Thistle " * 100
    assert PERSONS.in_bytes(body, "here") == set()


def test_a_pseudonym_that_happens_to_spell_a_name_is_nobodys_name(tmp_path: Path) -> None:
    smith = Persons({NUMBER}, {"Smith"}, {BIRTH}, {POSTCODE})
    spelt = "P222I7SMITH2OJMYJIPAYGBPIIA"
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"one": [spelt, "R" + spelt[1:]]}), path)
    assert smith.in_bytes(f"{spelt},44\n".encode(), "here") == smith.in_file(path) == set()
    for other in (spelt + "2", spelt[1:], spelt.replace("2OJM", " 2OJM"), f"{spelt},Smith"):
        assert {one.kind for one in smith.in_bytes(other.encode(), "here")} == {"name"}


def test_it_knows_every_person_of_a_population(tmp_path: Path) -> None:
    write_hospital(tmp_path / "raw", seed=3, size=300)
    persons = Persons.of(tmp_path / "raw")
    assert len(persons.numbers) == 300
    rows = (tmp_path / "raw/persons.csv").read_text().splitlines()[1:]
    for row in rows:
        found = {one.kind for one in persons.in_bytes(row.encode(), "here")}
        born_on_the_first = row.split(",")[4].endswith("-01")
        assert found == {"NHS number", "name", "postcode", *([] if born_on_the_first else ["day of birth"])}
