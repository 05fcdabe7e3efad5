"""`tre data contract`: check tells every fault with its place, infer drafts what check takes, schema prints the published form."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.unit.data.test_contracts import GOOD
from tre.entrypoints.cli.__main__ import main


def test_a_sound_contract_is_told_in_short(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "small.yaml").write_text(GOOD)
    assert main(["data", "contract", "check", str(tmp_path / "small.yaml")]) == 0
    told = capsys.readouterr().out
    assert "the contract is sound" in told
    assert "direct identifier: 1" in told


def test_a_shipped_contract_is_checked_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "contract", "check", "omop"]) == 0
    told = capsys.readouterr().out
    assert "37 tables, 21 about persons; 405 columns" in told
    assert "Not loaded: cost." in told


def test_every_fault_is_told_with_file_line_column_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faulty = GOOD.replace("title: Small", "titel: Small").replace("type: text", "type: words")
    (tmp_path / "small.yaml").write_text(faulty)
    assert main(["data", "contract", "check", str(tmp_path / "small.yaml")]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [one.split(": ")[0] for one in lines] == ["small.yaml:1:1", "small.yaml:3:8", "small.yaml:18:57"]
    assert "Add it." in lines[0]
    assert "correct its spelling" in lines[1]
    assert "Use one of the words listed." in lines[2]


def test_a_draft_goes_to_a_file_and_its_reasons_to_the_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "raw").mkdir()
    rows = "".join(f"{number},person{number}@example.org\n" for number in range(1, 60))
    (tmp_path / "raw/visits.csv").write_text("patient_id,contact\n" + rows)
    assert main(["data", "contract", "infer", str(tmp_path / "raw"), "--dataset", "mine", "--custodian", "gwen"]) == 0
    out, err = capsys.readouterr()
    assert "visits.contact: Most values are e-mail addresses, which name a person." in err
    assert "example.org" not in out + err
    (tmp_path / "mine.yaml").write_text(out)
    assert main(["data", "contract", "check", str(tmp_path / "mine.yaml")]) == 0


def test_where_there_is_nothing_to_draft_from_a_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["data", "contract", "infer", str(tmp_path)]) == 1
    assert "no CSV or Parquet file" in capsys.readouterr().err


def test_the_form_is_printed_and_is_a_json_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "contract", "schema"]) == 0
    Draft202012Validator.check_schema(json.loads(capsys.readouterr().out))
