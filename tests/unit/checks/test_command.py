"""The command: its exit codes, its three forms, and that nothing it cannot judge is a traceback or safe."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest

from output_checking.domain.checks import schemas
from output_checking.domain.checks.command.main import main

Run = Callable[..., tuple[int, str, str]]
MADE = (
    "select i as who, case when i % 2 = 0 then 'F' else 'M' end as sex, case when i < 3 then 'rare' else 'b' || (i % 3) end as kind, "
    "(i * 37 % 101)::double as cost, i % 90 as age from range(600) t(i)"
)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(spec: object, *more: str, data: str | Path = "data.parquet", person: str = "who") -> tuple[int, str, str]:
        path = tmp_path / data
        if not path.exists() and path.suffix == ".parquet":
            duckdb.sql(MADE).write_parquet(str(path))
        (tmp_path / "spec.json").write_text(spec if isinstance(spec, str) else json.dumps(spec))
        try:
            code = main(["check", str(path), "--person", person, "--spec", str(tmp_path / "spec.json"), *more])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        written = capsys.readouterr()
        return code, written.out, written.err

    return call


SAFE = {"rows": ["sex"], "statistic": "mean", "measure": "cost"}
UNSAFE = {"rows": ["sex"], "columns": ["kind"], "margins": True}
REVIEW = {"rows": ["sex"], "statistic": "skew", "measure": "cost"}


@pytest.mark.parametrize(("spec", "code", "verdict"), [(SAFE, 0, "safe"), (UNSAFE, 1, "unsafe"), (REVIEW, 2, "review")])
def test_the_answer_is_as_its_schema_has_it(run: Run, spec: dict[str, Any], code: int, verdict: str) -> None:
    ended, out, err = run(spec, "--format", "json")
    answer = json.loads(out)
    assert (ended, answer["verdict"], err) == (code, verdict, "")
    schemas.check("answer", answer, called="The answer")
    assert answer["spec"] == spec
    assert answer["appetite"]["threshold"] == 10


def test_the_table_in_a_terminal_marks_flagged_cells(run: Run) -> None:
    code, out, _ = run({**UNSAFE, "title": "Persons\x1b[2J by sex"})
    assert code == 1
    assert "\x1b" not in out
    line = next(one for one in out.splitlines() if one.startswith("F "))
    assert "2 !" in line
    assert "UNSAFE: Too few persons [threshold], 3 cells\n  F × rare: 2 persons are in it;" in out


class _Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_page_stands_alone(run: Run) -> None:
    _, out, _ = run({**UNSAFE, "title": "<script>alert(1)</script>"}, "--format", "html")
    outline = _Outline()
    outline.feed(out)
    names = [name for name, _ in outline.tags]
    assert not {"script", "link", "img", "iframe"} & set(names)
    assert not [attributes for _, attributes in outline.tags if {"src", "onclick"} & set(attributes)]
    places = {f"#{attributes['id']}" for _, attributes in outline.tags if "id" in attributes}
    assert {attributes["href"] for _, attributes in outline.tags if "href" in attributes} <= places
    assert ("html", {"lang": "en"}) in outline.tags
    assert names.count("details") == names.count("td") - 1
    assert {"main", "title", "h1"} <= set(names)
    assert any(one.get("aria-labelledby") == "cells" for name, one in outline.tags if name == "table")
    assert sum(attributes.get("class") == "unsafe" for _, attributes in outline.tags) == 3


NOT_JUDGED: list[tuple[str, object, dict[str, Any]]] = [
    ("specification.malformed", {"rows": 3}, {}),
    ("specification.malformed", {"row": ["sex"]}, {}),
    ("specification.malformed", [], {}),
    ("file.not_json", "{", {}),
    ("file.not_json", "[" * 100_000, {}),
    ("specification.filter", {"rows": ["sex"], "filter": "1=1; drop table x"}, {}),
    ("specification.filter", {"rows": ["sex"], "filter": "(" * 5000}, {}),
    ("specification.filter", {"rows": ["sex"], "filter": "sex = 3"}, {}),
    ("specification.filter", {"rows": ["sex"], "filter": "age >= 'old'"}, {}),
    ("specification.bands", {"rows": [{"column": "age", "bands": [9, 3]}]}, {}),
    ("source.column_missing", {"rows": ["gender"]}, {}),
    ("source.column_missing", {"rows": ["sex"], "filter": "gender = 'F'"}, {}),
    ("source.column_missing", SAFE, {"person": "patient"}),
    ("source.not_a_number", {"rows": ["kind"], "statistic": "sum", "measure": "sex"}, {}),
    ("source.no_records", {"rows": ["sex"], "filter": "age > 1000"}, {}),
    ("appetite.looser", {"rows": ["sex"], "appetite": {"threshold": 3}}, {}),
    ("appetite.looser", {"rows": ["sex"], "appetite": {"empty_cells": "structural"}}, {}),
    ("appetite.malformed", {"rows": ["sex"], "appetite": {"treshold": 30}}, {}),
    ("source.absent", SAFE, {"data": "nowhere.csv"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "spec", "more"), NOT_JUDGED, ids=lambda one: one if isinstance(one, str) else "")
def test_what_cannot_be_judged_is_said_in_words(run: Run, code: str, spec: object, more: dict[str, Any]) -> None:
    ended, out, err = run(spec, "--format", "json", **more)
    answer = json.loads(out)
    assert (ended, answer["error"]["code"]) == (3, code)
    assert "verdict" not in answer
    assert err.startswith("Could not judge: ")
    assert "Traceback" not in err
    schemas.check("answer", answer, called="The answer")


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("data.parquet", b"who,sex\n1,F\n", "source.not_what_it_says"),
        ("data.parquet", b"PAR1 and then nothing", "source.unreadable"),
        ("data.csv", b"\x89PNG\r\n\x1a\n\0\0", "source.not_what_it_says"),
        ("data.csv", b"", "source.empty"),
        ("data.csv", b"who,sex,cost\n", "source.no_records"),
        ("data.csv", b"who,sex,cost\n1,F,2\n,F,3\n", "source.person_missing"),
        ("data.csv", b"who,sex,cost\n1,F,nan\n2,F,3\n", "source.not_finite"),
        ("data.csv", b"who,sex,cost\n1,F,inf\n2,F,3\n", "source.not_finite source.not_a_number"),
        ("data.csv", b"who,sex,cost\n1,F,1,2,3,4\n2\n", "source.unreadable source.column_missing"),
    ],
)
def test_data_that_cannot_bear_an_answer(run: Run, tmp_path: Path, name: str, body: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(body)
    ended, out, _ = run(SAFE, "--format", "json", data=name)
    error = json.loads(out)["error"]
    assert ended == 3
    assert error["code"] in code.split()


def test_ten_million_cells_are_refused_before_anything_is_counted(run: Run, tmp_path: Path) -> None:
    duckdb.sql("select i as who, i % 3163 as a, hash(i) % 3163 as b from range(200000) t(i)").write_parquet(
        str(tmp_path / "wide.parquet")
    )
    ended, out, _ = run({"rows": ["a"], "columns": ["b"]}, "--format", "json", data="wide.parquet")
    assert (ended, json.loads(out)["error"]["code"]) == (3, "table.too_large")


def test_csv_and_views_of_a_duckdb_file_give_the_same_answer(run: Run, tmp_path: Path) -> None:
    duckdb.sql(MADE).write_csv(str(tmp_path / "data.csv"))
    with duckdb.connect(str(tmp_path / "data.duckdb")) as connection:
        connection.execute(f"create table base as {MADE}")
        connection.execute("create view seen as select * from base")
    answers = [
        run(UNSAFE, "--format", "json", data="data.parquet"),
        run(UNSAFE, "--format", "json", data="data.csv"),
        run(UNSAFE, "--format", "json", "--table", "seen", data="data.duckdb"),
    ]
    assert len({out for _, out, _ in answers}) == 1
    assert run(UNSAFE, "--format", "json", data="data.duckdb")[0] == 3


def test_a_category_is_compared_with_text(run: Run, tmp_path: Path) -> None:
    made = f"select * replace (sex::enum('F', 'M') as sex) from ({MADE})"
    duckdb.sql(made).write_parquet(str(tmp_path / "text.parquet"))
    with duckdb.connect(str(tmp_path / "kinds.duckdb")) as connection:
        connection.execute(f"create table base as {made}")
    spec = {"rows": ["sex"], "filter": "sex = 'F'"}
    assert run(spec, data="text.parquet")[0] == run(spec, data="kinds.duckdb")[0] == 0


def test_a_wrong_call_is_not_taken_for_review(run: Run) -> None:
    assert run(SAFE, "--format", "yaml")[0] == 3
    assert main(["explain", "nothing"]) == 3
    assert main(["explain", "dominance"]) == main(["explain"]) == 0


def test_a_stricter_appetite_is_read_from_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"version": "2026", "threshold": 301}))
    ended, out, _ = run(SAFE, "--format", "json", "--appetite", str(tmp_path / "a.json"))
    assert ended == 1
    assert json.loads(out)["appetite"]["version"] == "2026"
