"""Texts that travel through a build as numbers come out as they were, and a file's dictionary tells nothing but its rows."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tre.data.engine.duck import Connection
from tre.data.engine.part_files import PartFile
from tre.data.engine.words import LOOKED_AT, MOST_WORDS, Texts, Words, words_of


@pytest.fixture
def engine() -> Connection:
    return duckdb.connect()


def texts(select: str) -> Texts:
    return Texts(first=f"{select} LIMIT {LOOKED_AT}", each=select)


def words(engine: Connection, values: str) -> Words:
    found = words_of(engine, {"code": texts(f"SELECT text FROM (VALUES {values}) v(text)")})
    return found["code"]


def numbered(engine: Connection, of: Words, values: str) -> np.ndarray:
    hashes = engine.execute(f"SELECT hash(text) AS h FROM (VALUES {values}) v(text)").fetchnumpy()["h"]
    return of.numbers(hashes)


@pytest.mark.parametrize("missing", ["", ", (NULL)"])
def test_texts_come_back_as_they_were(engine: Connection, missing: str) -> None:
    rows = f"('b'), ('a'), (''), ('ß'), ('a'){missing}"
    of = words(engine, rows)
    spelt = of.spelt(numbered(engine, of, rows))
    assert spelt.to_pylist() == ["b", "a", "", "ß", "a"] + ([None] if missing else [])


def test_the_dictionary_has_the_rows_own_words_in_their_own_order(engine: Connection) -> None:
    of = words(engine, "('zeta'), ('left out'), ('alpha'), ('mid')")
    spelt = of.spelt(numbered(engine, of, "('zeta'), ('alpha'), ('zeta')"))
    assert spelt.dictionary.to_pylist() == ["alpha", "zeta"]


def test_a_word_that_no_row_of_the_group_has_is_not_in_the_file(engine: Connection, tmp_path: Path) -> None:
    of = words(engine, "('seen'), ('only of one who left'), (NULL)")
    rows = pa.table({"code": numbered(engine, of, "('seen'), (NULL), ('seen')")})
    with PartFile(tmp_path / "a.parquet", words={"code": of}) as file:
        file.add(rows)
    assert file.part().rows == 3
    assert b"one who left" not in (tmp_path / "a.parquet").read_bytes()
    assert pq.read_table(tmp_path / "a.parquet")["code"].to_pylist() == ["seen", None, "seen"]


def test_only_missing_values_and_no_rows_at_all_can_be_written(engine: Connection, tmp_path: Path) -> None:
    of = words(engine, "('x'), (NULL)")
    for name, rows in (("none", "(NULL::VARCHAR), (NULL)"), ("empty", "")):
        numbers = numbered(engine, of, rows) if rows else np.empty(0, dtype=np.uint16)
        with PartFile(tmp_path / name, words={"code": of}) as file:
            file.add(pa.table({"code": numbers}))
        read = pq.read_table(tmp_path / name)["code"]
        assert read.to_pylist() == [None] * len(numbers)
        assert read.type == pa.string()


def test_a_text_that_is_no_word_is_refused(engine: Connection) -> None:
    of = words(engine, "('a'), ('b')")
    strange = engine.execute("SELECT hash(i::VARCHAR) AS h FROM range(1000) t(i)").fetchnumpy()["h"]
    with pytest.raises(ValueError, match="not among the words"):
        of.numbers(strange)


def test_a_column_of_many_texts_travels_as_text(engine: Connection) -> None:
    many = f"SELECT i::VARCHAR AS text FROM range({MOST_WORDS + 1}) t(i)"
    late = "SELECT if(i < 200000, 'same', i::VARCHAR) AS text FROM range(300000) t(i)"
    most = f"SELECT (i % {MOST_WORDS})::VARCHAR AS text FROM range(10000) t(i)"
    assert set(words_of(engine, {"many": texts(many), "late": texts(late), "most": texts(most)})) == {"most"}
