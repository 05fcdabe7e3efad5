"""The published schemas against what is truly accepted and produced: what is made from them is judged, or refused in words."""

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from output_checking.domain.checks import schemas
from output_checking.domain.checks.answer import Answer
from output_checking.domain.checks.check import check
from output_checking.domain.checks.command.html import as_html
from output_checking.domain.checks.command.main import main
from output_checking.domain.checks.command.text import as_text
from output_checking.domain.checks.evidence.duck import Source, lend
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import Statistic
from output_checking.domain.checks.specification.reading import read_specification

MADE = (
    "select i % 120 as who, ['N', 'S', '', 'Total'][1 + i % 4] as region, case when i < 7 then null when i % 2 = 0 then 'F' else 'M' end as sex, "
    "i % 90 as age, case when i % 50 = 0 then null else (i * 37 % 101)::double end as cost, i % 3 = 0 as died, i % 2 as ill, "
    "date '2020-01-01' + (i % 400)::int as seen, null::int as nothing from range(300) t(i)"
)
COLUMNS = ["who", "region", "sex", "age", "cost", "died", "ill", "seen", "nothing"]
TEXTS = [
    *COLUMNS,
    *COLUMNS,
    "absent",
    "Region",
    'a"b',
    "'",
    "F",
    "count",
    "mean",
    "persons",
    "sum",
    "ratio",
    "\x1b",
    "é",
]
FILTERS = [
    "age > 18",
    "sex = 'F' or region in ('N', '')",
    "not died",
    "cost is missing",
    "age between 1 and 2",
    "seen > 3",
    "x",
    "(",
    "seen > '2020-05-01'",
    "",
]


NUMBERS = ("age", "cost", "cost", "ill", "died", "nothing", "region", "absent")
LEVELLED = ("region", "sex", "age", "died", "seen", "nothing", "cost", "absent")
LIKELY = {
    **dict.fromkeys(("measure", "denominator", "weight", "x", "y", "time", "outcome"), NUMBERS),
    **dict.fromkeys(("rows", "columns", "by", "column"), LEVELLED),
    "event": ("died", "ill", "ill", "age"),
    "statistic": (*Statistic, "skew"),
}
WISHES = {
    "type": "object",
    "properties": {
        "threshold": {"type": "integer", "minimum": 9, "maximum": 40},
        "empty_cells": {"enum": ["disclosive", "known"]},
    },
}


def made_from(schema: Any, name: str = "") -> st.SearchStrategy[Any]:
    """Return what a schema describes, of the words of schemas that ours use."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    if "oneOf" in schema:
        return st.one_of([made_from(one, name) for one in schema["oneOf"]])
    kinds = schema.get("type", "object")
    return st.one_of([_of_kind(kind, schema, name) for kind in (kinds if isinstance(kinds, list) else [kinds])])


def _of_kind(kind: str, schema: Any, name: str) -> st.SearchStrategy[Any]:
    match kind:
        case "object":
            needed = schema.get("required", ())
            inner = {one: made_from(part, one) for one, part in schema.get("properties", {}).items()}
            return st.fixed_dictionaries(
                {one: part for one, part in inner.items() if one in needed},
                optional={one: part for one, part in inner.items() if one not in needed},
            )
        case "array":
            least = schema.get("minItems", 0)
            return st.lists(
                made_from(schema.get("items", {"type": "string"}), name), min_size=least, max_size=max(3, least)
            )
        case "integer" | "number":
            low, high = schema.get("minimum", schema.get("exclusiveMinimum", -5)), schema.get("maximum", 200)
            whole = st.integers(int(low), int(min(high, 200)))
            return whole if kind == "integer" else st.one_of(whole, st.floats(float(low), float(min(high, 200))))
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case _:
            return st.sampled_from(FILTERS if name == "filter" else LIKELY.get(name, TEXTS))


PARTS = ["table", "histogram", "scatter", "box", "survival", "regression", "other"]


def part_of(name: str) -> Any:
    """Return the schema of one kind of output, with a risk appetite where one can be wished for."""
    schema = schemas.resolved("specification", name)
    return {**schema, "properties": {**schema["properties"], "appetite": WISHES}}


def answered(source: Source, spec: Any) -> Answer | CannotJudge:
    try:
        return check(source, spec)
    except CannotJudge as refusal:
        return refusal


@pytest.mark.parametrize("part", PARTS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_the_schema_describes_is_judged_or_refused_in_words(part: str, data: st.DataObject) -> None:
    spec = data.draw(made_from(part_of(part)))
    with duckdb.connect() as connection:
        connection.execute(f"create table records as {MADE}")
        with lend(connection, "records", person="who") as source:
            answer = answered(source, spec)
    if isinstance(answer, CannotJudge):
        assert answer.sentence.endswith((".", "?"))
        assert answer.code.split(".")[0] in {"specification", "appetite", "source", "table"}
        return
    told = json.loads(json.dumps(answer.as_json(), allow_nan=False))
    schemas.check("answer", told, called="The answer")
    assert told["spec"] == json.loads(json.dumps(spec))
    assert answer.verdict in as_text(answer).lower()
    assert as_html(answer).endswith("</html>")


@pytest.mark.parametrize("name", ["specification", "appetite", "answer", "remedies"])
def test_each_schema_is_one(name: str) -> None:
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(schemas.published(name))
    assert schemas.published(name)["$id"].startswith(f"urn:output-checking:{name}:")


def test_what_stands_beside_the_schema_of_an_answer_is_refused_by_it() -> None:
    """Else the schema would describe anything at all."""
    answer = {"schema": "1", "engine": "0", "verdict": "safe", "spec": {}, "appetite": {}, "records": 1, "persons": 1}
    schemas.check("answer", {**answer, "table": [], "cells": []}, called="The answer")
    cell = {"row": [], "column": [], "persons": 1, "value": 1, "findings": []}
    odds: tuple[dict[str, object], ...] = (
        {"verdicts": 1},
        {"cells": [{**cell, "margins": "row"}]},
        {"cells": [{**cell, "persons": -1}]},
        {"table": [{}]},
    )
    for odd in odds:
        with pytest.raises(CannotJudge):
            schemas.check("answer", {**answer, "table": [], "cells": [], **odd}, called="The answer")


@pytest.mark.parametrize("name", ["specification", "appetite", "answer", "remedies"])
def test_a_schema_can_be_had_from_the_command(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", name]) == 0
    assert json.loads(capsys.readouterr().out) == schemas.published(name)


def test_every_specification_in_the_readme_is_one() -> None:
    readme = Path("output_checking/domain/checks/README.md").read_text(encoding="utf-8")
    examples = re.findall(r'^    (\{"(?:rows|kind)".*?\})$', readme, re.MULTILINE | re.DOTALL)
    assert len(examples) == 6
    for one in examples:
        read_specification(json.loads(one))
    for part in (*schemas.resolved("specification", "table")["properties"],):
        assert f"`{part}`" in readme or part in {"kind", "schema", "title"}
