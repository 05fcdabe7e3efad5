"""Text files of any dialect are one and the same data; numbers and days mean the same however the engine reads them."""

import bz2
import gzip
import lzma
from collections.abc import Callable

import duckdb
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.factories.small import HEAD, NUMBERS, contract, line, load
from tre.data.domain.contract import Column, ColumnClass, ColumnType, Table
from tre.data.engine.cleaning import REASON, cleaned, judged, read_types, too_large
from tre.data.engine.duck import EngineError
from tre.data.engine.folders import Folders
from tre.kernel.errors import Invalid

TEXT = HEAD + "".join(line(one, weight="1234.5", word="née") for one in NUMBERS)
Change = Callable[[str], bytes]


def rows(folders: Folders, version: str) -> list[tuple[object, ...]]:
    path = folders.version("small", version) / "visits.parquet"
    with duckdb.connect() as engine:
        return engine.execute(f"SELECT born, score, weight, word FROM '{path}' ORDER BY ALL").fetchall()


DIALECTS: dict[str, tuple[str, str, Change]] = {
    "semicolons": ("csv", "", lambda text: text.replace(",", ";").encode()),
    "bars": ("txt", "", lambda text: text.replace(",", "|").encode()),
    "tabs in a csv": ("csv", "", lambda text: text.replace(",", "\t").encode()),
    "tabs": ("tsv", "", lambda text: text.replace(",", "\t").encode()),
    "another delimiter": ("csv", "{delimiter: '#'}", lambda text: text.replace(",", "#").encode()),
    "quotes": ("csv", "", lambda text: text.replace("née", '"née"').encode()),
    "single quotes": ("csv", "{quote: \"'\"}", lambda text: text.replace("née", "'née'").encode()),
    "decimal comma": ("csv", "{decimal: ','}", lambda text: text.replace(",", ";").replace("1234.5", "1234,5").encode()),
    "windows": ("csv", "{encoding: windows-1252}", lambda text: text.replace("\n", "\r\n").encode("cp1252")),
    "latin": ("csv", "{encoding: iso-8859-15}", lambda text: text.encode("iso-8859-15")),
    "a mark of UTF-16": ("csv", "", lambda text: text.encode("utf-16")),
    "a mark of UTF-8": ("csv", "", lambda text: text.encode("utf-8-sig")),
    "old lines": ("csv", "", lambda text: text.replace("\n", "\r").encode()),
    "gzip": ("csv.gz", "", lambda text: gzip.compress(text.encode())),
    "two gzips in one": ("csv.gz", "", lambda text: gzip.compress(text[:700].encode()) + gzip.compress(text[700:].encode())),
    "Zstandard": ("csv.zst", "", lambda text: pa.compress(text.encode(), codec="zstd", asbytes=True)),
    "bzip2": ("csv.bz2", "", lambda text: bz2.compress(text.encode())),
    "xz of windows": ("tsv.xz", "{encoding: windows-1252}", lambda text: lzma.compress(text.replace(",", "\t").encode("cp1252"))),
}  # fmt: skip


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    """The rows as plain CSV in UTF-8 gives them."""
    folders = Folders.under(tmp_path_factory.mktemp("plain"))
    folders.prepare()
    return rows(folders, load(folders, TEXT).version)


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_is_the_same_data(empty: Folders, plain: list[tuple[object, ...]], name: str) -> None:
    ending, told, change = DIALECTS[name]
    version = load(empty, change(TEXT), file=f"visits.{ending}", about=contract("0", dialect=told))
    assert rows(empty, version.version) == plain
    assert list(empty.scratch.iterdir()) == []


def test_a_mark_of_thousands_is_not_guessed(empty: Folders) -> None:
    body = (TEXT.replace(",", ";").replace("1234.5", "1.234,5")).encode()
    with pytest.raises(Invalid, match="weight: not a value of type decimal"):
        load(empty, body, about=contract("0", dialect="{decimal: ','}"))


def column(kind: ColumnType) -> Column:
    return Column(name="value", source="value", kind=ColumnClass.PLAIN, type=kind, meaning="Value")


WRITTEN = st.one_of(
    st.integers(-(2**40), 2**40).map(str),
    st.floats(allow_nan=True, allow_infinity=True).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.dates().map(str),
    st.sampled_from(["", "1.0", "1.5", "1e3", "15e-1", "+5", "007", "1_000", "0x10", "nan", "inf", "x", "1,5", "9007199254740993"]),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@example(written=["9007199254740993"], kind=ColumnType.INTEGER)
@example(written=["-9007199254740993"], kind=ColumnType.INTEGER)
@given(
    written=st.lists(WRITTEN, min_size=1, max_size=5),
    kind=st.sampled_from([ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.DATE]),
)
def test_read_as_a_type_or_as_text_a_value_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, written: list[str], kind: ColumnType
) -> None:
    """What the engine may read as a type is a short cut: it fails, or gives what the text gives."""
    table = Table(name="t", meaning="T", file="t", columns=(column(kind),))
    path = tmp_path_factory.getbasetemp() / "values.csv"
    path.write_text("value,other\n" + "".join(f'"{one}",x\n' for one in written))
    answers = {}
    with duckdb.connect() as engine:
        for name, types in (("text", {}), ("typed", read_types(table))):
            declared = f"{{'value': '{types.get('value', 'VARCHAR')}', 'other': 'VARCHAR'}}"
            read = f"read_csv('{path}', auto_detect=false, header=true, delim=',', quote='\"', escape='\"', nullstr='', columns={declared})"
            try:
                sql = cleaned(table, read, identifier_kind="whole_number", typed=types)
                engine.execute(f"CREATE OR REPLACE TABLE laid AS {judged(table, sql, types)}")
                lost = [engine.execute(f"SELECT 1 FROM laid WHERE {one}").fetchone() for one in too_large(table, types)]
                found = engine.execute(f"SELECT value, {REASON} FROM laid").fetchall()
                answers[name] = "failed" if any(lost) else repr(found)
            except EngineError:
                answers[name] = "failed"
    assert answers["text"] != "failed"
    assert answers["typed"] in {"failed", answers["text"]}
