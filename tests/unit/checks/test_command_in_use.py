"""The command as a shell uses it: pipes, signs that a terminal lacks, files with odd names, and words that are nearly right."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from output_checking.domain.checks.check import check
from output_checking.domain.checks.command.main import main
from output_checking.domain.checks.evidence.duck import open_file

MADE = (
    "select i as who, ['North', 'Südwest', '東京'][1 + i % 3] as region, case when i < 4 then 'x' else 'y' end as sex, "
    "i % 90 as age, (i % 7)::double as cost, date '2020-01-01' + i::int as seen from range(300) t(i)"
)
Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    duckdb.sql(MADE).write_parquet(str(tmp_path / "people.parquet"))
    (tmp_path / "spec.json").write_text('{"rows": ["region"], "columns": ["sex"]}')
    return tmp_path


@pytest.fixture
def said(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Said:
    """Call the command in the folder of the data; a first word that is no text is written as the specification."""
    monkeypatch.chdir(folder)

    def call(spec: Any, *more: str, data: str = "people.parquet") -> tuple[int, str, str]:
        if spec is not None:
            (folder / "spec.json").write_bytes(
                spec
                if isinstance(spec, bytes)
                else spec.encode("utf-8", "surrogatepass")
                if isinstance(spec, str)
                else json.dumps(spec).encode()
            )
        code = main(["check", data, "--person", "who", "--spec", "spec.json", *more])
        written = capsys.readouterr()
        return code, written.out, written.err

    return call


def _started(folder: Path, *words: str, **how: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "output_checking.domain.checks", "check", "people.parquet", "--person", "who", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path.cwd()), **how.pop("env", {})},
        stderr=subprocess.PIPE,
        **how,
    )


def test_who_stops_reading_changes_neither_the_verdict_nor_gets_a_complaint(folder: Path) -> None:
    (folder / "spec.json").write_text('{"rows": ["region", "age"], "columns": ["cost"]}')
    reading, writing = os.pipe()
    process = _started(folder, "--spec", "spec.json", "--format", "json", stdout=writing)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    _, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (1, b"")


def test_a_full_disk_is_said_and_is_no_verdict(folder: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        process = _started(folder, "--spec", "spec.json", "--format", "json", stdout=full)
        _, complaint = process.communicate(timeout=60)
    assert process.returncode == 3
    assert complaint.startswith(b"Could not judge: The answer cannot be written: ")
    assert complaint.count(b"\n") == 1


def test_it_can_be_stopped_without_a_traceback(folder: Path) -> None:
    """The specification is a pipe that nobody fills, so that the command is surely at work."""
    os.mkfifo(folder / "spec.json.pipe")
    process = _started(folder, "--spec", "spec.json.pipe", stdout=subprocess.PIPE)
    with (folder / "spec.json.pipe").open("wb"):  # opens once the command reads
        process.send_signal(signal.SIGINT)
        out, complaint = process.communicate(timeout=60)
    assert (process.returncode, out) == (3, b"")
    assert complaint == b"Could not judge: It was stopped before there was an answer.\n"


@pytest.mark.parametrize(
    ("encoding", "form"), [("ascii", "text"), ("latin-1", "text"), ("ascii", "json"), ("latin-1", "html")]
)
def test_a_terminal_that_lacks_signs_gets_the_answer_too(folder: Path, encoding: str, form: str) -> None:
    process = _started(
        folder,
        *("--spec", "spec.json", "--format", form),
        stdout=subprocess.PIPE,
        env={"PYTHONIOENCODING": encoding},
    )
    out, complaint = process.communicate(timeout=60)
    assert (process.returncode, complaint) == (1, b"")
    told = out.decode(encoding if form == "text" else "utf-8")
    assert "Südwest" in told or (form, encoding) == ("text", "ascii")


def test_a_name_with_the_signs_of_a_pattern_is_that_file_and_no_other(said: Said, folder: Path) -> None:
    """`d[1].parquet` as a pattern is `d1.parquet`; a folder `region=Mars` would be read as a column `region`."""
    duckdb.sql(MADE).write_parquet(str(folder / "d[1].parquet"))
    duckdb.sql("select 1 as who, 'elsewhere' as region, 'x' as sex").write_parquet(str(folder / "d1.parquet"))
    (folder / "region=Mars").mkdir()
    duckdb.sql(MADE).write_parquet(str(folder / "region=Mars/people.parquet"))
    duckdb.sql(MADE).write_csv(str(folder / "region=Mars/people*.csv"))
    _, plain, _ = said(None, "--format", "json")
    for name in ("d[1].parquet", "region=Mars/people.parquet", "region=Mars/people*.csv"):
        assert said(None, "--format", "json", data=name)[1] == plain


def test_a_table_of_another_schema_is_named_with_it(said: Said, folder: Path) -> None:
    with duckdb.connect(str(folder / "two.duckdb")) as connection:
        connection.execute(f"create schema kept; create table kept.people as {MADE}; create table other(a int)")
    _, plain, _ = said(None, "--format", "json")
    assert said(None, "--format", "json", "--table", "kept.people", data="two.duckdb")[1] == plain
    _, _, err = said(None, "--table", "kept.peple", data="two.duckdb")
    assert "Did you mean 'kept.people'? There are: kept.people, other." in err


SAID = [
    ({"rows": ["regoin"]}, "Did you mean 'region'? There are: age,"),
    ({"rows": ["REGION"]}, "Did you mean 'region'?"),
    ({"row": ["region"]}, "'row' is not known here. Did you mean 'rows'? There are: appetite, columns,"),
    ({"rows": "region"}, 'at rows: "region" is not a list, between [ and ]; write ["region"].'),
    ({"rows": [5]}, "at rows[0]: 5 is not a text or an object, between { and }."),
    ({"rows": [{"column": "age", "band": [1, 2]}]}, "at rows[0]: 'band' is not known here. Did you mean 'bands'?"),
    ({"rows": [{"bands": [1, 2]}]}, "at rows[0]: 'column' is missing."),
    ({"normalize": "rows"}, "at normalize: \"rows\" is none of: row, column, all. Did you mean 'row'?"),
    ({"kind": "histogram", "measure": "cost", "bins": "x"}, 'at bins: "x" is not a whole number or a list,'),
    ({"kind": "histogram", "measure": "cost", "bins": 0}, "at bins: 0 is less than 1."),
    ({"kind": "box", "measure": "cost", "whiskers": "tuckey"}, "Did you mean 'tukey'?"),
    ({"kind": "box"}, "'measure' is missing."),
    (
        {"rows": ["sex"], "filter": "seen > 3"},
        "'seen' (DATE) with 3, which is of another kind; a date is written '2020-12-31'.",
    ),
    ({"rows": ["sex"], "filter": "seen > 'tomorrow'"}, "a date is written '2020-12-31'."),
    (
        {"rows": ["sex"], "filter": "sex < age"},
        "compares 'sex' (VARCHAR) with 'age' (BIGINT), which is of another kind.",
    ),
    ({"schema": 1}, 'at schema: 1 is not "1".'),
    ('{"rows": ["region"], "rows": ["sex"]}', "'rows' stands twice in one object"),
    (b'{"rows": ["region"]\n "columns": []}', "line 2, column 2"),
    (b" \n", "it is empty"),
    (b"\xff\xfe{}", "it is not text in UTF-8"),
    ('{"kind": "histogram", "measure": "cost", "bins": [0, NaN]}', "an open end of a banding is null"),
    ('{"rows": [{"column": "age", "bands": [0, 1e999]}]}', "an open end of a banding is null"),
    ('{"rows": ["region"], "noise": ' + "1" * 5000 + "}", "a number of more than 400 digits"),
    ('{"rows": ["region"], "filter": "age < 1e999"}', "larger than any number"),
    ('{"rows": ["region"], "filter": "sex = \'\\ud800\'"}', "holds a sign that no column"),
    ('{"rows": ["region\\u0000"]}', "holds a sign that no column"),
    ('{"kind": ' + "[" * 30 + "]" * 30 + "}", "more than 20 deep"),
]


@pytest.mark.parametrize(("spec", "sentence"), SAID, ids=lambda one: str(one)[:30])
def test_what_is_nearly_right_is_told_apart(said: Said, spec: Any, sentence: str) -> None:
    code, out, err = said(spec)
    assert (code, out) == (3, "")
    assert sentence in err
    assert err.startswith("Could not judge: ")


def test_words_of_other_programs_are_taken(said: Said, folder: Path) -> None:
    """A byte order mark, and whole numbers written as 30.0."""
    (folder / "a.json").write_bytes(b'\xef\xbb\xbf{"threshold": 1e2}')
    code, out, _ = said(
        b'\xef\xbb\xbf{"kind": "histogram", "measure": "cost", "bins": 7.0}', "--appetite", "a.json", "--format", "json"
    )
    assert code == 1
    assert json.loads(out)["appetite"]["threshold"] == 100
    assert '"threshold": 100,' in out


def test_data_that_is_damaged_in_use_or_named_wrongly_says_what_to_do(said: Said, folder: Path) -> None:
    (folder / "cut.parquet").write_bytes((folder / "people.parquet").read_bytes()[:900])
    assert "cannot be read as Parquet: it is damaged or not whole" in said(None, data="cut.parquet")[2]
    with duckdb.connect(str(folder / "whole.duckdb")) as connection:
        connection.execute(f"create table people as {MADE}")
    (folder / "cut.duckdb").write_bytes((folder / "whole.duckdb").read_bytes()[:20_000])
    assert "cannot be read as DuckDB: it is damaged" in said(None, data="cut.duckdb")[2]
    assert "leave --table out" in said(None, "--table", "people")[2]
    assert "The data '.' cannot be opened: Is a directory." in said(None, data=".")[2]
    assert "The key 'absent' cannot be opened" in said(None, "--key", "absent")[2]
    assert "The risk appetite '.' cannot be opened" in said(None, "--appetite", ".")[2]


def test_a_rule_that_is_nearly_right_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "dominence"]) == 3
    assert "There is no rule 'dominence'. Did you mean 'dominance'?" in capsys.readouterr().err


def _imported(folder: Path, *words: str) -> set[str]:
    """Return which of the large libraries the command imports for this."""
    code = (
        "import sys; from output_checking.domain.checks.command.main import main\n"
        "try: main(sys.argv[1:])\nexcept SystemExit: pass\n"
        "print([one for one in ('numpy', 'duckdb', 'jsonschema', 'scipy') if one in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1].replace("'", '"')))


def test_it_starts_without_what_it_does_not_need(folder: Path) -> None:
    """SciPy alone is half of the time to a first answer on a small file."""
    source = ("people.parquet", "--person", "who", "--spec", "spec.json")
    assert _imported(folder, "--version") == _imported(folder, "check", "--help") == set()
    assert "scipy" not in _imported(folder, "check", *source)
    (folder / "earlier.json").write_text('{"spec": {"rows": ["region"]}, "cells": []}')
    (folder / "spec.json").write_text(
        '{"rows": ["region"], "columns": ["sex"], "margins": true, "suppressed": [{"row": ["North"], "column": ["x"]}]}'
    )
    assert "scipy" in _imported(folder, "check", *source)


def test_a_statistic_or_kind_that_is_nearly_right_is_named(said: Said) -> None:
    code, out, _ = said({"rows": ["region"], "statistic": "maen", "measure": "cost"})
    assert code == 2
    assert "Did you mean 'mean'?" in " ".join(out.split())
    code, out, _ = said({"kind": "histgram", "measure": "cost"})
    assert code == 2
    assert "Did you mean 'histogram'?" in " ".join(out.split())


def test_a_csv_file_is_read_once(folder: Path) -> None:
    """Its types are guessed from all of it: of a wide file that takes most of the time, and was done for each question."""
    duckdb.sql(MADE).write_csv(str(folder / "people.csv"))
    with open_file(folder / "people.csv", person="who") as source:
        (folder / "people.csv").unlink()
        answer = check(source, {"rows": ["region"], "statistic": "mean", "measure": "cost", "margins": True})
    assert (answer.records, answer.verdict) == (300, "safe")
