"""The command with hidden cells, earlier answers and remedies, from the data to the exit code."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from output_checking.domain.checks import schemas
from output_checking.domain.checks.command.main import main

# 400 persons; 12 of 10 and 11 years, spread over the regions 5, 4 and 3
MADE = (
    "select i as who, case when i < 12 then 10 + i % 2 else 12 + i % 70 end as age, "
    "case when i < 12 then case when i < 5 then 'E' when i < 9 then 'N' else 'S' end else ['E', 'N', 'S'][i % 3 + 1] end as region, "
    "case when i % 2 = 0 then 'F' else 'M' end as sex, 100 + i as cost from range(400) t(i)"
)
AGES = {"column": "age", "bands": [10, 12, 40, 82]}
TABLE: dict[str, Any] = {"rows": ["region"], "columns": [AGES], "margins": True}
Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    data = tmp_path / "data.parquet"
    duckdb.sql(MADE).write_parquet(str(data))

    (tmp_path / "key").write_bytes(b"k" * 32)

    def call(
        command: str, spec: dict[str, Any], *earlier: dict[str, Any], made: str = "", key: bool = False
    ) -> tuple[int, dict[str, Any]]:
        if made:
            duckdb.sql(made).write_parquet(str(data))
        (tmp_path / "spec.json").write_text(json.dumps(spec))
        arguments = [command, str(data), "--person", "who", "--spec", str(tmp_path / "spec.json"), "--format", "json"]
        arguments += ["--key", str(tmp_path / "key")] if key else []
        for number, answer in enumerate(earlier):
            path = tmp_path / f"earlier {number}.json"
            path.write_text(json.dumps(answer))
            arguments += ["--earlier", str(path)]
        code = main(arguments)
        answered: dict[str, Any] = json.loads(capsys.readouterr().out)
        schemas.check("remedies" if command == "remedy" else "answer", answered, called="What was written")
        for one in answered.get("remedies", ()):
            schemas.check("answer", one["answer"], called="The answer of a remedy")
            schemas.check("specification", one["spec"], called="The specification of a remedy")
        return code, answered

    return call


def findings(answer: dict[str, Any], rule: str) -> list[dict[str, Any]]:
    everywhere = [*answer["table"], *(one for cell in answer["cells"] for one in cell["findings"])]
    return [one for one in everywhere if one["rule"] == rule]


def hidden(*cells: tuple[list[str], list[str]]) -> dict[str, Any]:
    return {**TABLE, "suppressed": [{"row": row, "column": column} for row, column in cells]}


YOUNG = ["10 to under 12"]


def test_a_hidden_cell_beside_its_total_is_found_with_its_bounds(run: Run) -> None:
    code, answer = run("check", hidden((["N"], YOUNG)))
    (found,) = findings(answer, "linked_cells")
    assert (code, found["weight"], found["figures"]["least"], found["figures"]["most"]) == (1, "unsafe", 4, 4)


def test_hiding_all_small_cells_but_nothing_further_is_not_enough(run: Run) -> None:
    """5, 4 and 3 hidden; each is its row's total less the rest."""
    code, answer = run("check", hidden(*(([one], YOUNG) for one in "ENS")))
    assert code == 1
    assert {one["weight"] for one in findings(answer, "linked_cells")} == {"unsafe"}
    assert findings(answer, "threshold") == []


def test_the_proposed_suppression_is_safe_and_hidden_cells_have_no_value(run: Run) -> None:
    code, told = run("remedy", TABLE)
    suppression = next(one for one in told["remedies"] if one["name"] == "suppression")
    assert (code, suppression["verdict"]) == (0, "safe")
    again, answer = run("check", suppression["spec"])
    assert again == 0
    cells = {(tuple(one["row"]), tuple(one["column"])): one for one in answer["cells"]}
    assert all(
        cells[tuple(one["row"]), tuple(one["column"])]["value"] is None for one in suppression["spec"]["suppressed"]
    )


def test_remedies_stand_in_order_of_verdict_then_loss(run: Run) -> None:
    _, told = run("remedy", TABLE)
    order = ["safe", "review", "unsafe"]
    ranks = [(order.index(one["verdict"]), one["loss"]) for one in told["remedies"]]
    assert ranks == sorted(ranks)
    assert {"suppression", "rounding, base 10", "merging of levels"} <= {one["name"] for one in told["remedies"]}


def test_each_merging_is_judged_on_the_data_and_can_be_made_as_it_stands(run: Run) -> None:
    """10 and 11 years: 5, 4 and 3 persons; 12 to under 40: at least 50 in each region, so that one band of both is safe."""
    code, told = run("remedy", TABLE)
    merged = [one for one in told["remedies"] if one["name"] == "merging of levels"]
    assert (code, merged[0]["verdict"], merged[0]["unsafe_cells"]) == (0, "safe", 0)
    assert merged[0]["spec"]["columns"] == [{"column": "age", "bands": [10, 40, 82]}]
    for one in merged:
        _, answer = run("check", one["spec"])
        assert (answer["verdict"], answer["cells"]) == (one["verdict"], one["answer"]["cells"])


def test_levels_that_are_merged_are_judged_by_what_each_person_adds(run: Run) -> None:
    """Region W: 9 persons: too few. With E they are enough for a count, but of the cost one of them has 99.9 %."""
    made = (
        "select i as who, case when i < 9 then 'W' else ['E', 'N', 'S'][i % 3 + 1] end as region, "
        "case when i = 0 then 1e9 else 100 end as cost from range(400) t(i)"
    )
    _, told = run("remedy", {"rows": ["region"]}, made=made)
    merged = [one for one in told["remedies"] if one["name"] == "merging of levels"]
    assert {one["verdict"] for one in merged} == {"safe"}
    assert {"column": "region", "merge": [["E", "W"]]} in [one["spec"]["rows"][0] for one in merged]
    _, summed = run("remedy", {"rows": ["region"], "statistic": "sum", "measure": "cost"})
    merged = [one for one in summed["remedies"] if one["name"] == "merging of levels"]
    assert {one["verdict"] for one in merged} == {"unsafe"}
    assert any("; then region:" in one["how"] for one in merged)
    assert all(findings(one["answer"], "dominance") for one in merged)


def test_merged_levels_are_compared_with_earlier_answers_by_the_levels_behind_them(run: Run) -> None:
    """E + N less E of the earlier answer is N, which all may know; without those of 10 years 1 of S and 6 in all are missing."""
    _, answer = run("check", {"rows": ["region"]})
    merged: dict[str, Any] = {"rows": [{"column": "region", "merge": [["E", "N"]]}]}
    assert run("check", merged, answer)[0] == 0
    code, found = run("check", {**merged, "filter": "age > 10"}, answer)
    assert code == 1
    assert {one["figures"]["most"] for one in findings(found, "differencing")} == {1, 6}
    again = {**merged, "filter": "region != 'S'"}
    assert run("check", again, answer)[0] == 0


@pytest.mark.parametrize(
    "merge", [[["E"]], [["E", "N"], ["N", "S"]], [["E", "E"]], "E"], ids=["one", "twice", "itself", "no list"]
)
def test_levels_that_cannot_be_made_one_are_refused(run: Run, merge: Any) -> None:
    code, answer = run("check", {"rows": [{"column": "region", "merge": merge}]})
    assert (code, answer["error"]["code"].split(".")[0]) == (3, "specification")


def test_levels_are_not_made_one_under_a_name_that_is_taken(run: Run) -> None:
    made = "select i as who, ['E', 'N', 'E + N'][i % 3 + 1] as region from range(90) t(i)"
    code, answer = run("check", {"rows": [{"column": "region", "merge": [["E", "N"]]}]}, made=made)
    assert (code, answer["error"]["code"]) == (3, "specification.merge")


def test_a_hidden_cell_that_is_not_there_is_refused(run: Run) -> None:
    code, answer = run("check", hidden((["nowhere"], YOUNG)))
    assert (code, answer["error"]["code"]) == (3, "specification.suppressed")


def test_rounded_small_counts_are_for_a_person_and_base_10_is_safe(run: Run) -> None:
    code, answer = run("check", {**TABLE, "rounding": "base 5"})
    assert (code, answer["verdict"]) == (2, "review")
    assert {(one["figures"]["least"], one["figures"]["most"]) for one in findings(answer, "rounded_small")} == {(3, 7)}
    assert run("check", {**TABLE, "rounding": "base 10"})[0] == 0


PLAIN: dict[str, Any] = {"rows": ["region"], "columns": ["sex"], "margins": True}


def test_the_same_table_again_is_safe(run: Run) -> None:
    _, answer = run("check", PLAIN)
    assert run("check", PLAIN, answer)[0] == 0
    turned = {"rows": ["sex"], "columns": ["region"], "margins": True}
    assert run("check", turned, answer)[0] == 0


def test_a_nested_filter_is_found_against_no_more_than_spec_and_cells(run: Run) -> None:
    """Without those of 10 years: 3 of E, 2 of N, 1 of S are missing, all of them F."""
    _, answer = run("check", PLAIN)
    least = {
        "spec": answer["spec"],
        "cells": [
            {"row": one["row"], "column": one["column"], "persons": one["persons"], "value": one["value"]}
            for one in answer["cells"]
        ],
    }
    code, found = run("check", {**PLAIN, "filter": "age > 10"}, least)
    assert code == 1
    assert {one["figures"]["least"] for one in findings(found, "differencing")} >= {1, 2, 3}


def test_a_further_breakdown_against_a_total_that_the_bands_leave_people_out_of(run: Run) -> None:
    _, answer = run("check", {"rows": ["region"]})
    bands = {"rows": ["region"], "columns": [{"column": "age", "bands": [12, 40, 82]}]}
    code, found = run("check", bands, answer)
    assert code == 1
    assert {one["figures"]["least"] for one in findings(found, "differencing")} == {3, 4, 5}


def test_a_sum_over_three_tables(run: Run) -> None:
    """All, less those under 40 years, less those of 41 and over: the six of exactly 40 are left."""
    _, everybody = run("check", {})
    _, under = run("check", {"filter": "age < 40"})
    code, found = run("check", {"filter": "age >= 41"}, everybody, under)
    assert code == 1
    assert {one["figures"]["way"] for one in findings(found, "differencing")} == {"sums"}
    assert run("check", {"filter": "age >= 40"}, everybody, under)[0] == 0


def test_hidden_cells_of_an_earlier_answer_are_not_known_to_its_reader(run: Run) -> None:
    _, told = run("remedy", TABLE)
    suppression = next(one for one in told["remedies"] if one["name"] == "suppression")
    assert run("check", suppression["spec"], suppression["answer"])[0] == 0


@pytest.mark.parametrize(
    "wrong", [[], {"cells": []}, {"spec": {}, "cells": [{"row": ["x"]}]}, {"spec": {}, "cells": 3}]
)
def test_an_earlier_answer_that_is_none_is_refused(run: Run, wrong: Any) -> None:
    code, answer = run("check", PLAIN, wrong)
    assert (code, "error" in answer) == (3, True)


def test_a_model_among_the_earlier_answers_is_named(run: Run) -> None:
    spec = {"kind": "regression", "model": "linear", "outcome": "cost", "terms": ["age"]}
    _, model = run("check", spec)
    code, answer = run("check", PLAIN, model)
    assert code == 0
    assert [one["weight"] for one in findings(answer, "differencing")] == ["note"]


def test_a_sum_is_hidden_by_its_own_protection_levels(run: Run) -> None:
    table = {**TABLE, "statistic": "sum", "measure": "cost"}
    _, told = run("remedy", table)
    suppression = next(one for one in told["remedies"] if one["name"] == "suppression")
    assert suppression["verdict"] == "safe"


def test_one_who_left_and_one_who_came_are_seen_by_membership(run: Run) -> None:
    """Another snapshot: person 300 is gone, person 1000 of the same sex is there. The counts are equal."""
    _, answer = run("check", {"rows": ["sex"]}, key=True)
    assert all(len(cell["members"]) == 200 for cell in answer["cells"])
    later = f"select case when who = 300 then 1000 else who end as who, * exclude (who) from ({MADE})"
    assert run("check", {"rows": ["sex"]}, answer, made=later)[0] == 0
    code, found = run("check", {"rows": ["sex"]}, answer, made=later, key=True)
    assert code == 1
    assert {one["figures"]["way"] for one in findings(found, "differencing")} == {"moved"}
    assert run("check", {"rows": ["sex"]}, answer, made=MADE, key=True)[0] == 0


def test_noise_and_barnardisation_need_a_key_and_the_latter_warns(run: Run) -> None:
    assert not {"cell-key noise", "barnardisation"} & {one["name"] for one in run("remedy", TABLE)[1]["remedies"]}
    told = {one["name"]: one for one in run("remedy", TABLE, key=True)[1]["remedies"]}
    noise, barnard = told["cell-key noise"], told["barnardisation"]
    assert (noise["verdict"], barnard["verdict"]) == ("safe", "review")
    assert findings(barnard["answer"], "barnardisation")
    again = {one["name"]: one for one in run("remedy", TABLE, key=True)[1]["remedies"]}["cell-key noise"]
    shown = [[one["value"] for one in remedy["answer"]["cells"]] for remedy in (noise, again)]
    true = [one["persons"] for one in noise["answer"]["cells"]]
    assert shown[0] == shown[1] != true
    assert all(abs(value - count) <= 5 for value, count in zip(shown[0], true, strict=True))


def test_a_single_small_number_can_only_be_hidden_or_rounded(run: Run) -> None:
    """Six persons are 10 years old: hidden, or 10 to base 10."""
    _, told = run("remedy", {"filter": "age = 10"})
    assert [(one["name"], one["verdict"]) for one in told["remedies"][:2]] == [
        ("rounding, base 10", "safe"),
        ("suppression", "safe"),
    ]
