"""What a file is, told from its bytes, and what cannot be checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from output_checking.domain.checks.files.content import Kind, sniff
from output_checking.domain.checks.files.examine import examine
from output_checking.domain.checks.files.finding import Severity
from output_checking.domain.checks.files.tabular import read_table
from tests.factories.outputs import png


@pytest.mark.parametrize(
    ("name", "body", "kind"),
    [
        ("a.csv", b"a,n\n1,2\n", Kind.CSV),
        ("a.csv", b"\xef\xbb\xbfa,n\r\n1,2\r\n", Kind.CSV),
        ("a.csv", b"a\tn\n1\t2\n", Kind.TSV),
        ("a.txt", b"a,n\nx,2\ny,3\n", Kind.CSV),
        ("plain", b"Nothing to see.\n", Kind.TEXT),
        ("a.md", b"# Results\n", Kind.MARKDOWN),
        ("a.csv", png(), Kind.PNG),
        ("a.png", b"\xff\xd8\xff\xe0", Kind.JPEG),
        ("a.png", b"<svg xmlns='x'/>", Kind.MARKUP),
        ("a.csv", b"\n <?xml version='1.0'?><x/>", Kind.MARKUP),
        ("a.txt", b"<!DOCTYPE html><p>", Kind.MARKUP),
        ("a.ipynb", b'{"cells": []}', Kind.NOTEBOOK),
        ("a.csv", b"PK\x03\x04", Kind.UNKNOWN),
        ("a.csv", "ä,n\n".encode("utf-16"), Kind.UNKNOWN),
        ("a.csv", "ä,n\n".encode("latin-1"), Kind.UNKNOWN),
        ("a.csv", b"", Kind.UNKNOWN),
        ("a.pdf", b"%PDF-1.7\n\x80", Kind.UNKNOWN),
        ("a.parquet", b"PAR1\x00", Kind.UNKNOWN),
    ],
)
def test_bytes_decide_and_the_name_only_between_texts(name: str, body: bytes, kind: Kind) -> None:
    assert sniff(name, body) is kind


@pytest.mark.parametrize("body", [b"<svg/>", b'{"cells": []}', b"\x00", b"", b"PK\x03\x04"])
def test_a_kind_that_cannot_be_checked_blocks(body: bytes) -> None:
    (finding,) = examine("a.bin", body, threshold=10).findings
    assert (finding.severity, finding.rule) == (Severity.BLOCK, "file_kinds.cannot_be_checked")
    assert "CSV" in finding.remedy


def test_more_rows_than_a_person_can_check_block() -> None:
    rules = [one.rule for one in examine("a.csv", b"band,mean\n" + b"x,1.5\n" * 5001, threshold=10).findings]
    assert rules == ["file_kinds.too_many_rows"]


def test_uneven_rows_and_hidden_characters_are_told() -> None:
    assert [one.rule for one in examine("a.csv", b"band,mean\na,1.5,2.5\n", threshold=10).findings] == [
        "file_kinds.uneven_rows"
    ]
    hidden = examine("a.txt", "safe \u202etxet".encode(), threshold=10).findings
    assert [(one.rule, one.severity) for one in hidden] == [("file_kinds.hidden_characters", Severity.BLOCK)]


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"])), min_size=1, max_size=4),
        min_size=1,
        max_size=6,
    )
)
def test_no_cell_is_dropped_or_mended(rows: list[list[str]]) -> None:
    text = "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    table = read_table(text, delimiter=",")
    assert [list(row) for row in table.rows] in (rows, rows[1:])
    assert table.width == len(rows[0])


@given(st.binary(max_size=300))
def test_any_bytes_under_any_name_get_an_answer(body: bytes) -> None:
    for name in ("a.csv", "a.png", "a"):
        for start in (b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"):
            examine(name, start + body, threshold=10)
