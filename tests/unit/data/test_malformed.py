"""Files as they should not come: each is refused in a sentence that names the file and the place and repeats nothing of it."""

import bz2
import gzip
import lzma
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.factories.small import HEAD, NUMBERS, SECRET, contract, line, load
from tre.data.engine.folders import Folders
from tre.kernel.errors import Invalid
from tre.plumbing.config import CHECKOUT

GOOD = HEAD + "".join(line(number) for number in NUMBERS)
BODY = GOOD.encode()
TORN = f"{SECRET},1\n"
PLACES = len(NUMBERS) + 1


def parquet(**columns: pa.Array) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink)
    return bytes(sink.getvalue().to_pybytes())


def whole() -> dict[str, pa.Array]:
    count = len(NUMBERS)
    return {
        "number": pa.array(NUMBERS), "surname": pa.array(["Smith"] * count), "born": pa.array(["1950-02-03"] * count),
        "score": pa.array([1] * count), "weight": pa.array([1.5] * count), "word": pa.array(["y"] * count),
    }  # fmt: skip


ONE_LINE = gzip.compress(HEAD.encode()) + gzip.compress(b"x" * 2**24) * 300
"""Five gigabytes of one letter in five megabytes: members of one gzip file, one after the other."""
NESTED = parquet(**(whole() | {"score": pa.array([[1]] * len(NUMBERS))}))
BYTES = parquet(**(whole() | {"surname": pa.array([b"x"] * len(NUMBERS))}))
CASES: dict[str, tuple[str, bytes, str]] = {
    "wrong encoding": ("visits.csv", BODY + f"{SECRET}é".encode("latin-1"), rf"visits.csv, line {PLACES + 1}: the bytes are not UTF-8"),
    "half a letter at the end": ("visits.csv", BODY + "é".encode()[:1], "the bytes are not UTF-8"),
    "torn quotes": ("visits.csv", BODY + f'{SECRET},"torn,\n'.encode(), f"visits.csv, line {PLACES + 1}: a value has a quote"),
    "a quote that stands alone": ("visits.csv", BODY + f'1,"{SECRET}"x,a,b,c,d\n'.encode(), f"visits.csv, line {PLACES + 1}: a value has a quote"),
    "missing column": ("visits.csv", GOOD.replace("score,", "").encode(), "visits.csv, line 1: the column score is missing"),
    "extra column": ("visits.csv", GOOD.replace("word\n", f"word,{SECRET}\n").encode(), "visits.csv, line 1: column 7 is not in the contract"),
    "wrong delimiter": ("visits.csv", GOOD.replace(",", "#").encode(), "visits.csv, line 1: the columns cannot be told apart"),
    "NUL bytes": ("visits.csv", BODY + f"{SECRET}\0\n".encode(), f"visits.csv, line {PLACES + 1}: there is a NUL byte"),
    "empty file": ("visits.csv", b"", "visits.csv is empty: line 1 must be the heading"),
    "blank file": ("visits.csv", b" \n \n", "visits.csv is empty: line 1 must be the heading"),
    "heading only": ("visits.csv", HEAD.encode(), "visits.csv has no rows"),
    "no heading": ("visits.csv", "".join(line(one) for one in NUMBERS).encode(), "visits.csv, line 1: the column number is missing"),
    "duplicate header": ("visits.csv", GOOD.replace("word\n", "score\n").encode(), "visits.csv, line 1: the column score is there twice"),
    "ragged rows, short": ("visits.csv", BODY + TORN.encode(), f"visits.csv, line {PLACES + 1}: 2 values where the heading has 6 columns"),
    "ragged rows, long": ("visits.csv", BODY + (SECRET + ",1" * 9 + "\n").encode(), f"line {PLACES + 1}: .* the heading has 6 columns"),
    "lines that end in two ways": ("visits.csv", GOOD.replace("\n", "\r\n").encode() + BODY, "visits.csv.*(end in different ways|quote|columns)"),
    "truncated gzip": ("visits.csv.gz", gzip.compress(BODY)[:-20], "visits.csv.gz ends in the middle of the packed data"),
    "truncated Zstandard": ("visits.csv.zst", pa.compress(BODY, codec="zstd", asbytes=True)[:-9], "visits.csv.zst ends in the middle"),
    "truncated bzip2": ("visits.csv.bz2", bz2.compress(BODY)[:-9], "visits.csv.bz2 ends in the middle"),
    "truncated xz": ("visits.csv.xz", lzma.compress(BODY)[:-9], "visits.csv.xz ends in the middle"),
    "damaged gzip": ("visits.csv.gz", gzip.compress(BODY)[:40] + b"\xff" * 40, "visits.csv.gz (cannot be unpacked|ends in the middle)"),
    "truncated Parquet": ("visits.parquet", parquet(**whole())[:-200], "visits.parquet cannot be read: the Parquet file is cut off"),
    "Parquet with a list": ("visits.parquet", NESTED, "visits.parquet, column score: its type is list"),
    "Parquet with a missing column": ("visits.parquet", parquet(number=whole()["number"]), "line 1: the column surname is missing"),
    "text that is called Parquet": ("visits.parquet", BODY, "visits.parquet is no Parquet file"),
    "Parquet that is called text": ("visits.csv", parquet(**whole()), "visits.csv is by its first bytes a Parquet file"),
    "gzip that is called text": ("visits.csv", gzip.compress(BODY), "first bytes packed with gzip. Name it so that it ends in .gz"),
    "text that is called gzip": ("visits.csv.gz", BODY, "visits.csv.gz cannot be unpacked"),
    "a spreadsheet": ("visits.csv", b"PK\x03\x04" + BODY, "an archive or a spreadsheet: save its table as CSV"),
    "wrong ending": ("visits.xlsx", BODY, "The file visits is missing: .* There is visits.xlsx"),
    "decimal comma": ("visits.csv", GOOD.replace(",1.5,", ',"1,5",').encode(), "weight: not a value of type decimal, first in row 1 .*decimal comma"),
}  # fmt: skip


@pytest.mark.parametrize("kind", CASES)
def test_it_is_refused_naming_the_place_and_repeating_nothing(empty: Folders, kind: str) -> None:
    file, body, words = CASES[kind]
    before = load(empty, HEAD + line(NUMBERS[0]))
    with pytest.raises(Invalid, match=words) as caught:
        load(empty, body, file=file)
    assert SECRET not in caught.value.sentence
    assert caught.value.__cause__ is None
    assert [one.name for one in (empty.store / "small").iterdir()] == [before.version]
    assert list(empty.scratch.iterdir()) == []
    assert (empty.inbox / "small" / file).read_bytes() == body


def test_two_files_of_one_name(empty: Folders) -> None:
    with pytest.raises(Invalid, match=r"more than once \(visits.csv, visits.tsv\)"):
        load(empty, BODY, beside={"visits.tsv": BODY})


def test_a_folder_in_the_place_of_a_file(empty: Folders) -> None:
    (empty.inbox / "small/visits.csv").mkdir(parents=True)
    with pytest.raises(Invalid, match=r"visits.csv is a folder: put the file itself in its place"):
        load(empty, b"", file="")


def test_no_folder_at_all(empty: Folders) -> None:
    with pytest.raises(Invalid, match=r"There is no folder small with raw files"):
        load(empty, b"", file="", folder=False)


UNREADABLE = """
import os, sys
from pathlib import Path
from tre.data.engine.raw.files import opened
from tre.kernel.errors import Invalid
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
try:
    with opened(Path(sys.argv[1])) as stream:
        stream.read(1)
except Invalid as error:
    print(error.sentence)
"""


def test_a_file_that_may_not_be_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = Path("/tmp") / f"unreadable-{os.getpid()}"
    folder.mkdir(mode=0o755)
    try:
        file = folder / "visits.csv"
        file.write_bytes(BODY)
        file.chmod(0)
        said = _asked([sys.executable, "-c", UNREADABLE, str(file)])
    finally:
        (folder / "visits.csv").unlink()
        folder.rmdir()
    assert "visits.csv cannot be read: let the account of the honest broker read it" in said


def _asked(command: list[str]) -> str:
    environ = os.environ | {"PYTHONPATH": str(CHECKOUT)}
    return subprocess.run(command, env=environ, cwd="/", capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("make", [lambda: ONE_LINE, lambda: None], ids=["packed", "of holes"])
def test_five_gigabytes_on_one_line_are_not_read_through(empty: Folders, make: Callable[[], bytes | None]) -> None:
    body, began = make(), time.process_time()
    with pytest.raises(Invalid, match=r"line 2: (the line is longer than 2,000,000 characters|there is a NUL byte)"):
        if body is None:
            load(empty, HEAD.encode(), size=5 * 10**9)
        else:
            load(empty, body, file="visits.csv.gz")
    assert time.process_time() - began < 5, "five gigabytes would take longer, whatever else the machine does"


def test_a_byte_order_mark_and_blank_lines_do_no_harm(empty: Folders) -> None:
    version = load(empty, b"\xef\xbb\xbf" + BODY.replace(b"\n", b"\r\n") + b"\r\n\r\n")
    assert version.manifest["tables"][0]["rows"] == len(NUMBERS)


def test_a_file_that_is_written_to_meanwhile(empty: Folders) -> None:
    def write(_share: float, words: str) -> None:
        if words == "loading visits":
            with (empty.inbox / "small/visits.csv").open("a") as file:
                file.write(line(NUMBERS[0]))

    with pytest.raises(Invalid, match=r"visits.csv was changed while it was loaded"):
        load(empty, BODY, progress=write)
    assert not list((empty.store / "small").iterdir())


def test_the_contract_says_that_it_is_right(empty: Folders) -> None:
    """The good file that all the bad ones are made of."""
    assert load(empty, BODY).manifest["tables"][0]["rows"] == len(NUMBERS)
    assert contract().quarantine_limit == 0.5
