"""What names one person is found wherever it stands; what only looks a little like it is not."""

import zlib

import pytest

from output_checking.domain.checks.files.examine import examine
from output_checking.domain.checks.files.finding import Severity
from tests.factories.outputs import NHS_NUMBER, PSEUDONYM, chunk, png, text_chunk

DIGITS = NHS_NUMBER.replace(" ", "")


def rules(name: str, body: bytes | str) -> list[str]:
    """Rules of the blocking findings."""
    given = body.encode() if isinstance(body, str) else body
    return [one.rule for one in examine(name, given, threshold=1).findings if one.severity is Severity.BLOCK]


@pytest.mark.parametrize(
    "cell",
    [DIGITS, NHS_NUMBER, NHS_NUMBER.replace(" ", "-"), DIGITS + ".0", f"see {DIGITS}", f"4;{DIGITS}", f"ID_{DIGITS}"],
)
def test_nhs_numbers_are_found_in_every_spelling(cell: str) -> None:
    assert rules("a.csv", f"band,value\na,{cell}\n") == ["identifiers.nhs_number"]
    assert rules("a.txt", f"Note that {cell} and so on.") == ["identifiers.nhs_number"]


@pytest.mark.parametrize(
    "cell", ["9434765918", "0.9434765919", f"{DIGITS}1", f"1{DIGITS}", f"{DIGITS}.5", "1,943,476,591", "0000000000"]
)
def test_other_numbers_are_no_nhs_numbers(cell: str) -> None:
    assert rules("a.csv", f'band,value\na,"{cell}"\n') == []


@pytest.mark.parametrize("value", [PSEUDONYM, PSEUDONYM.lower(), "R" + PSEUDONYM[1:]])
def test_project_pseudonyms_are_found(value: str) -> None:
    assert rules("a.csv", f"band,who\na,{value}\n") == ["identifiers.pseudonym"]


def test_the_place_is_told_and_the_value_is_not() -> None:
    (finding,) = examine("a.csv", f"band,who\na,x\nb,{DIGITS}\n".encode(), threshold=10).findings
    assert (finding.row, finding.column) == (2, "who")
    assert DIGITS not in repr(finding)


def test_names_of_columns_and_files_are_looked_through() -> None:
    assert rules("a.csv", f"band,{DIGITS}\na,2.5\n") == ["identifiers.nhs_number"]
    assert rules(f"{DIGITS}.txt", "Nothing.") == ["identifiers.nhs_number"]


@pytest.mark.parametrize("name", ["dob", "Date of birth", "birth_date", "patient dob"])
def test_a_column_of_dates_of_birth_blocks(name: str) -> None:
    assert rules("a.csv", f"{name},mean\n1956-03-12,2.5\n") == ["identifiers.birth_date"]


def test_a_born_on_in_words_blocks_and_other_dates_do_not() -> None:
    assert rules("a.txt", "She was born on 12/03/1956.") == ["identifiers.birth_date"]
    assert rules("a.csv", "week beginning,mean\n2019-03-12,2.5\n") == []
    assert rules("a.csv", "birth decade,mean\n1950s,2.5\n") == []


def test_a_full_postcode_is_a_warning() -> None:
    findings = examine("a.csv", b"area,mean\nSW1A 1AA,2.5\n", threshold=1).findings
    assert [(one.rule, one.severity) for one in findings] == [("identifiers.postcode", Severity.WARN)]


@pytest.mark.parametrize(
    "part",
    [
        text_chunk("Comment", f"for {DIGITS}"),
        chunk(b"zTXt", b"Comment\0\0" + zlib.compress(DIGITS.encode())),
        chunk(b"iTXt", b"Comment\0\1\0en\0\0" + zlib.compress(DIGITS.encode())),
        chunk(b"iTXt", b"Comment\0\0\0en\0\0" + DIGITS.encode()),
    ],
)
def test_a_pictures_hidden_text_is_looked_through(part: bytes) -> None:
    assert rules("a.png", png(part)) == ["identifiers.nhs_number"]
