"""A list of persons is taken whole or not at all; what it leaves in the store names nobody."""

import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.factories.loaded import TODAY
from tre.data.engine.duck import open_engine
from tre.data.engine.folders import Folders
from tre.data.engine.person_lists import PersonList, load_person_list
from tre.data.engine.vault import Vault, open_vault
from tre.kernel.errors import Invalid

VALID = (9990000018, 9990000026, 9990000034, 9990000042)
HEAD = "identifier,effective_from,withdrawn_on"


@pytest.fixture
def vault(empty: Folders) -> Iterator[Vault]:
    with open_vault(empty.vault) as opened:
        yield opened


def load(path: Path, folders: Folders, vault: Vault, *, kind: str = "nhs_number") -> PersonList:
    with open_engine(folders.scratch) as engine:
        return load_person_list(
            engine, path, namespace="nhs-number", kind=kind, today=TODAY, folders=folders, vault=vault
        )


def written(folder: Path, *lines: str, name: str = "list.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([*lines, ""]))
    return path


def test_it_is_kept_by_number_with_its_days(empty: Folders, vault: Vault) -> None:
    lines = [f"{VALID[0]},2020-01-31,", "999 000 0026,2020-02-01,2021-01-01", f"{VALID[1]},2026-12-24,2027-02-01"]
    done = load(written(empty.inbox, HEAD, *lines), empty, vault)
    assert (done.persons, done.changes_on) == (2, (date(2026, 12, 24), date(2027, 2, 1)))
    register = vault.register("nhs-number")
    behind = dict(zip(register.numbers.tolist(), register.identifiers.tolist(), strict=True))
    with duckdb.connect() as engine:
        rows = engine.execute(f"SELECT * FROM '{empty.opt_outs(done.sha256)}'").fetchall()
    assert sorted((behind[one[0]], str(one[1]), str(one[2] or "")) for one in rows) == [
        (VALID[0], "2020-01-31", ""),
        (VALID[1], "2020-02-01", "2021-01-01"),
        (VALID[1], "2026-12-24", "2027-02-01"),
    ]
    body = empty.opt_outs(done.sha256).read_bytes()
    assert not [one for one in VALID if str(one).encode() in body or one.to_bytes(8, "little") in body]


@pytest.mark.parametrize("form", ["csv", "tsv", "semicolons", "csv.gz", "parquet", "quoted"])
def test_it_may_come_in_several_forms(form: str, empty: Folders, vault: Vault) -> None:
    rows = [("nhs_number", "effective_from"), *((str(one), "2024-05-06") for one in VALID)]
    path = empty.inbox / f"list.{form if '.' in form or form in ('csv', 'tsv', 'parquet') else 'csv'}"
    if form == "parquet":
        pq.write_table(pa.table({"nhs_number": VALID, "effective_from": [date(2024, 5, 6)] * 4}), path)
    else:
        between = {"tsv": "\t", "semicolons": ";"}.get(form, ",")
        mark = '"' if form == "quoted" else ""
        text = "\r\n".join(between.join(f"{mark}{one}{mark}" for one in row) for row in rows)
        path.write_bytes(gzip.compress(text.encode()) if form == "csv.gz" else text.encode())
    assert load(path, empty, vault).persons == 4


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((HEAD, f"{VALID[0]},2020-01-01,", "9990000019,2020-01-01,"), "Line 3 has no valid identifier"),
        ((HEAD, ",2020-01-01,"), "Line 2 has no valid identifier"),
        ((HEAD, f"{VALID[0]},yesterday,"), "Line 2 has no day in effective_from"),
        ((HEAD, f"{VALID[0]},,"), "Line 2 has no day in effective_from"),
        ((HEAD, f"{VALID[0]},2020-01-01,soon", f"{VALID[1]},2020-01-01,soon"), "and 1 more rows do"),
        ((HEAD, f"{VALID[0]},2020-01-01,2019-01-01"), "Line 2 was withdrawn before it began"),
        ((HEAD,), "The list has no rows"),
        (("identifier,effective_from,family_name", f"{VALID[0]},2020-01-01,Holroyd"), "no other column is taken"),
        (("identifier,since", f"{VALID[0]},2020-01-01"), "The heading must be"),
        (("effective_from", "2020-01-01"), "the columns cannot be told apart"),
        (("effective_from,withdrawn_on", "2020-01-01,"), "The heading must be"),
        ((HEAD, f"{VALID[0]},2020-01-01,,and,more,Holroyd"), "line 2: 4 values where the heading has 3 columns"),
        ((HEAD, '"9990000018,2020-01-01,'), "line 2: a value has a quote that is torn"),
        (("",), "list.csv is empty: line 1 must be the heading"),
    ],
)
def test_what_does_not_fit_stops_the_whole_list(
    lines: tuple[str, ...], says: str, empty: Folders, vault: Vault
) -> None:
    with pytest.raises(Invalid, match=says) as caught:
        load(written(empty.inbox, *lines), empty, vault)
    assert not list(empty.store.glob("opt_outs/*"))
    assert len(vault.register("nhs-number").identifiers) == 0
    told = str(caught.value.fields)
    assert "Holroyd" not in told
    assert "99900" not in told


def test_other_identifiers_than_nhs_numbers(empty: Folders, vault: Vault) -> None:
    path = written(empty.inbox, "identifier,effective_from", "12,2020-01-01")
    assert load(path, empty, vault, kind="whole_number").persons == 1
