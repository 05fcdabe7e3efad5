"""A list of persons is read as raw files are: in any dialect it is the same list; one that is damaged is refused in a sentence that
names the place and repeats nothing."""

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.data.test_person_lists import HEAD, VALID, load
from tre.data.engine.folders import Folders
from tre.data.engine.vault import Vault, open_vault
from tre.kernel.errors import Invalid

SECRET = "Holroyd"
LINES = [f"{VALID[0]},2020-01-31,", f"{VALID[1]},2020-02-01,2021-01-01", f"{VALID[2]},2026-12-24,"]
GOOD = "".join(f"{one}\n" for one in (HEAD, *LINES))
BODY = GOOD.encode()
NEXT = len(LINES) + 2
"""The line after the good ones."""


@pytest.fixture
def vault(empty: Folders) -> Iterator[Vault]:
    with open_vault(empty.vault) as opened:
        yield opened


def parquet(**columns: pa.Array) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink)
    return bytes(sink.getvalue().to_pybytes())


WHOLE = {
    "identifier": pa.array(VALID[:3]),
    "effective_from": pa.array(["2020-01-31", "2020-02-01", "2026-12-24"]),
    "withdrawn_on": pa.array([None, "2021-01-01", None], pa.string()),
}
DIALECTS: dict[str, tuple[str, Callable[[str], bytes]]] = {
    "semicolons": ("csv", lambda text: text.replace(",", ";").encode()),
    "bars": ("txt", lambda text: text.replace(",", "|").encode()),
    "tabs in a csv": ("csv", lambda text: text.replace(",", "\t").encode()),
    "tabs": ("tsv", lambda text: text.replace(",", "\t").encode()),
    "single quotes": ("csv", lambda text: text.replace("identifier", "'identifier'").replace("2020-01-31", "'2020-01-31'").encode()),
    "Windows lines": ("csv", lambda text: text.replace("\n", "\r\n").encode()),
    "old lines": ("csv", lambda text: text.replace("\n", "\r").encode()),
    "no line end at the end": ("csv", lambda text: text.rstrip("\n").encode()),
    "capitals and blanks": ("csv", lambda text: text.replace("identifier,effective", "Identifier, Effective").encode()),
    "a mark of UTF-8": ("csv", lambda text: text.encode("utf-8-sig")),
    "a mark of UTF-16": ("csv", lambda text: text.encode("utf-16")),
    "gzip": ("csv.gz", lambda text: gzip.compress(text.encode())),
    "two gzips in one": ("csv.gz", lambda text: gzip.compress(text[:60].encode()) + gzip.compress(text[60:].encode())),
    "Zstandard": ("tsv.zst", lambda text: pa.compress(text.replace(",", "\t").encode(), codec="zstd", asbytes=True)),
    "bzip2": ("csv.bz2", lambda text: bz2.compress(text.encode())),
    "xz of UTF-16": ("csv.xz", lambda text: lzma.compress(text.encode("utf-16"))),
    "Parquet": ("parquet", lambda _text: parquet(**WHOLE)),
}  # fmt: skip


@pytest.mark.parametrize("kind", DIALECTS)
def test_a_list_of_any_dialect_is_the_same_list(kind: str, empty: Folders, vault: Vault) -> None:
    plain = empty.inbox / "plain.csv"
    plain.write_bytes(BODY)
    ending, change = DIALECTS[kind]
    path = empty.inbox / f"list.{ending}"
    path.write_bytes(change(GOOD))
    assert load(path, empty, vault) == load(plain, empty, vault)
    assert list(empty.scratch.iterdir()) == []


def test_other_files_beside_it_are_none_of_its_business(empty: Folders, vault: Vault) -> None:
    for name in ("list.csv", "list.tsv", "list.csv.gz"):
        (empty.inbox / name).write_bytes(BODY if name == "list.csv" else b"\0")
    assert load(empty.inbox / "list.csv", empty, vault).persons == 3


CASES: dict[str, tuple[str, bytes, str]] = {
    "wrong encoding": ("list.csv", BODY + f"{SECRET}é".encode("latin-1"), rf"list.csv, line {NEXT}: the bytes are not UTF-8"),
    "half a letter at the end": ("list.csv", BODY + "é".encode()[:1], "the bytes are not UTF-8"),
    "torn quotes": ("list.csv", BODY + f'{SECRET},"torn,\n'.encode(), f"list.csv, line {NEXT}: a value has a quote"),
    "a quote that stands alone": ("list.csv", BODY + f'1,"{SECRET}"x,a\n'.encode(), f"list.csv, line {NEXT}: a value has a quote"),
    "missing column": ("list.csv", GOOD.replace("effective_from", "since").encode(), "The heading must be identifier, effective_from"),
    "extra column": ("list.csv", GOOD.replace("withdrawn_on\n", f"withdrawn_on,{SECRET}\n").encode(), "no other column is taken"),
    "duplicate header": ("list.csv", GOOD.replace("withdrawn_on", "effective_from").encode(), "names a column twice"),
    "a column without a name": ("list.csv", GOOD.replace("withdrawn_on", "").encode(), "leaves one without a name"),
    "wrong delimiter": ("list.csv", GOOD.replace(",", "#").encode(), "list.csv, line 1: the columns cannot be told apart"),
    "NUL bytes": ("list.csv", BODY + f"{SECRET}\0\n".encode(), f"list.csv, line {NEXT}: there is a NUL byte"),
    "empty file": ("list.csv", b"", "list.csv is empty: line 1 must be the heading"),
    "blank file": ("list.csv", b" \n \n", "list.csv is empty: line 1 must be the heading"),
    "heading only": ("list.csv", f"{HEAD}\n".encode(), "The list has no rows"),
    "no heading": ("list.csv", "\n".join(LINES).encode(), "The heading must be"),
    "ragged rows, short": ("list.csv", BODY + f"{SECRET},1\n".encode(), f"list.csv, line {NEXT}: 2 values where the heading has 3 columns"),
    "ragged rows, long": ("list.csv", BODY + (SECRET + ",1" * 9 + "\n").encode(), f"list.csv, line {NEXT}: .* the heading has 3 columns"),
    "lines that end in two ways": ("list.csv", GOOD.replace("\n", "\r\n").encode() + "\n".join(LINES).encode(), "list.csv.*(end in different ways|quote|columns)"),
    "a line without end": ("list.csv", BODY + SECRET.encode() * 300_000, "the line is longer than"),
    "truncated gzip": ("list.csv.gz", gzip.compress(BODY)[:-20], "list.csv.gz ends in the middle of the packed data"),
    "truncated Zstandard": ("list.csv.zst", pa.compress(BODY, codec="zstd", asbytes=True)[:-9], "list.csv.zst ends in the middle"),
    "truncated bzip2": ("list.csv.bz2", bz2.compress(BODY)[:-9], "list.csv.bz2 ends in the middle"),
    "truncated xz": ("list.csv.xz", lzma.compress(BODY)[:-9], "list.csv.xz ends in the middle"),
    "damaged gzip": ("list.csv.gz", gzip.compress(BODY)[:40] + b"\xff" * 40, "list.csv.gz (cannot be unpacked|ends in the middle)"),
    "truncated Parquet": ("list.parquet", parquet(**WHOLE)[:-200], "list.parquet cannot be read: the Parquet file is cut off"),
    "Parquet with a list": ("list.parquet", parquet(**(WHOLE | {"effective_from": pa.array([["2020-01-31"]] * 3)})), "list.parquet, column effective_from: its type is list"),
    "text that is called Parquet": ("list.parquet", BODY, "list.parquet is no Parquet file"),
    "Parquet that is called text": ("list.csv", parquet(**WHOLE), "list.csv is by its first bytes a Parquet file"),
    "gzip that is called text": ("list.csv", gzip.compress(BODY), "first bytes packed with gzip. Name it so that it ends in .gz"),
    "text that is called gzip": ("list.csv.gz", BODY, "list.csv.gz cannot be unpacked"),
    "a spreadsheet": ("list.csv", b"PK\x03\x04" + BODY, "an archive or a spreadsheet: save its table as CSV"),
    "wrong ending": ("list.xlsx", BODY, "list.xlsx has another ending than a table of rows: give .csv"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CASES)
def test_it_is_refused_naming_the_place_and_repeating_nothing(kind: str, empty: Folders, vault: Vault) -> None:
    file, body, words = CASES[kind]
    (empty.inbox / file).write_bytes(body)
    with pytest.raises(Invalid, match=words) as caught:
        load(empty.inbox / file, empty, vault)
    assert SECRET not in caught.value.sentence
    assert "99900" not in caught.value.sentence
    assert caught.value.__cause__ is None
    assert caught.value.code == "data.opt_outs.invalid"
    assert not list(empty.store.glob("opt_outs/*"))
    assert len(vault.register("nhs-number").identifiers) == 0
    assert list(empty.scratch.iterdir()) == []
