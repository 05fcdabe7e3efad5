"""Texts of few words are laid as places in a list: no word is lost, and none of a row that was set aside gets into the store."""

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest

from tests.factories.loaded import AT, quietly
from tests.factories.small import NUMBERS
from tre.data.contracts.reading import parse_contract
from tre.data.engine import wording
from tre.data.engine.folders import Folders
from tre.data.engine.ingest import ingest
from tre.data.engine.laid import TableLoad
from tre.data.engine.vault import open_vault
from tre.data.engine.wording import as_stored

CONTRACT = """\
contract: 1
dataset: wards
title: Wards
summary: One table.
source: Made
custodian: gwen
legal_basis: None needed
identifier: {kind: nhs_number, namespace: nhs-number}
opt_outs: []
quarantine_limit: 0.9
tables:
  - name: stays
    meaning: Stays
    file: stays
    columns:
      - {name: number, class: person identifier, type: integer, meaning: NHS number}
      - {name: days, type: integer, meaning: Days}
      - {name: ward, type: text, meaning: Ward}
"""
GOOD = ["North", "South", "North", "Late comer", " South ", "", "O'Neill’s", "north"]
STRAY = "Ann Smith"


def stays(folders: Folders, raw: Path, *, first: str = "North") -> tuple[list[tuple[int, str | None]], bytes]:
    """Take a file in, a row of a wrong identifier as its second; return days and ward of each stored row, and the file's bytes."""
    raw.mkdir()
    rows = [f"{NUMBERS[place]},{place},{ward}" for place, ward in enumerate([first, *GOOD])]
    rows.insert(1, f"12,99,{STRAY}")
    (raw / "stays.csv").write_text("\n".join(["number,days,ward", *rows]) + "\n")
    with open_vault(folders.vault) as vault:
        version = ingest(
            parse_contract(CONTRACT, name="wards.yaml"), raw, folders=folders, vault=vault, at=AT, progress=quietly
        )
    path = folders.version("wards", version.version) / "stays.parquet"
    with duckdb.connect() as engine:
        return engine.execute(f"SELECT days, ward FROM '{path}' ORDER BY days").fetchall(), path.read_bytes()


@pytest.mark.parametrize("sample", [2, 5, 9])
def test_no_word_is_lost_or_gained(
    empty: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample: int
) -> None:
    plain, _ = stays(empty, tmp_path / "plain")
    monkeypatch.setattr(wording, "SAMPLE", sample)
    laid, body = stays(empty, tmp_path / "laid")
    assert laid == plain
    assert dict(laid)[4] == "Late comer"
    assert STRAY.encode() not in body


def test_the_list_is_used_where_it_is_whole(empty: Folders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it was not used at all the tests above would say nothing."""
    monkeypatch.setattr(wording, "SAMPLE", 2)
    seen: list[str] = []

    def noted(work: TableLoad) -> Mapping[str, str]:
        found = as_stored(work)
        seen.extend(found)
        return found

    monkeypatch.setattr("tre.data.engine.staging.as_stored", noted)
    stays(empty, tmp_path / "laid")
    assert seen == ["ward"]
