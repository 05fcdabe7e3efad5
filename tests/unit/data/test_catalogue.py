"""How something is found in the catalogue, and how its terms are told."""

from datetime import UTC, datetime

from tre.data.contracts.lists import duo_labels
from tre.data.domain.catalogue import ColumnEntry, CoverageEntry, DatasetEntry, Found, TableEntry, columns_with, find
from tre.data.domain.duo import PLAIN, in_words

COLUMNS = (
    ColumnEntry(name="sbp", meaning="Systolic blood pressure", type="integer", unit="mmHg", topic="Blood pressure"),
    ColumnEntry(name="pressure_cuff", meaning="Size of the cuff", type="text"),
    ColumnEntry(name="icd10", meaning="Diagnosis", type="text", coding="ICD-10"),
)
TABLE = TableEntry(name="readings", meaning="One row per blood pressure reading.", rows="", persons="", columns=COLUMNS)
DATASET = DatasetEntry(
    dataset_id="clinic", title="Clinic", summary="Blood pressure of a town.", source="", legal_basis="", custodian="",
    version="", contract_version="", loaded_at=datetime(2026, 1, 1, tzinfo=UTC), uses=(), opt_outs=(), retention="",
    coverage=CoverageEntry(places=("Ashcombe",)), has_twin=False, tables=(TABLE,),
)  # fmt: skip


def names(found: tuple[Found, ...]) -> list[str]:
    return [one.column.name if one.column else one.table.name if one.table else one.dataset.dataset_id for one in found]


def test_datasets_come_before_tables_and_tables_before_columns() -> None:
    assert names(find([DATASET], "blood PRESSURE")) == ["clinic", "readings", "sbp"]


def test_within_a_kind_names_that_begin_with_the_word_come_first() -> None:
    assert names(find([DATASET], "pressure"))[2:] == ["pressure_cuff", "sbp"]


def test_every_word_must_be_there_somewhere() -> None:
    assert names(find([DATASET], "mmhg systolic")) == ["sbp"]
    assert names(find([DATASET], "icd-10")) == ["icd10"]
    assert names(find([DATASET], "ashcombe")) == ["clinic"]
    assert find([DATASET], "  ") == find([DATASET], "systolic cuff") == ()


def test_columns_of_a_table_are_all_shown_without_words() -> None:
    assert columns_with(TABLE, "") == COLUMNS
    assert columns_with(TABLE, "cuff") == COLUMNS[1:2]


def test_every_term_that_a_contract_may_name_has_plain_words() -> None:
    assert set(PLAIN) == set(duo_labels())
    assert all(words.endswith(".") for words in PLAIN.values())
    assert in_words("DUO:9999999", "some new term") == "Some new term."
