"""Long lists in pages."""

import pytest

from tre.plumbing.paging import Page, page_number


def test_pages_linked_to() -> None:
    assert Page(rows=[0] * 50, number=7, total=1000).numbers == (1, 0, 5, 6, 7, 8, 9, 0, 20)
    assert Page(rows=[0], number=1, total=1).numbers == (1,)
    assert Page(rows=[0] * 50, number=2, total=101).numbers == (1, 2, 3)


def test_rows_are_numbered() -> None:
    page = Page(rows=[0] * 20, number=3, total=120)
    assert (page.first_row, page.last_row, page.last) == (101, 120, 3)
    assert (Page(rows=[], number=1, total=0).first_row, Page(rows=[], number=1, total=0).last) == (0, 1)


@pytest.mark.parametrize(
    ("text", "number"), [("3", 3), ("", 1), (None, 1), ("-1", 1), ("0", 1), ("x", 1), ("9" * 50, 1)]
)
def test_number_asked_for(text: str | None, number: int) -> None:
    assert page_number(text) == number
