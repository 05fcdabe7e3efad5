"""Rules on the file as such: of a kind that can be looked at whole, readable, of a size that a person can check.

Sources: OpenSAFELY's allow-list of file types and its bound of 5,000 rows for a released table (job-runner); SATRE 3.3
(outputs are classified and checked before they leave).
"""

import unicodedata
from collections.abc import Iterator

from output_checking.domain.checks.files.content import KIND_WORDS, Kind
from output_checking.domain.checks.files.finding import Finding, Severity
from output_checking.domain.checks.files.tabular import Table

KIND = "file_kinds.cannot_be_checked"
UNREADABLE = "file_kinds.unreadable_table"
ROWS = "file_kinds.too_many_rows"
COLUMNS = "file_kinds.too_many_columns"
LENGTH = "file_kinds.too_long_a_text"
RAGGED = "file_kinds.uneven_rows"
HIDDEN = "file_kinds.hidden_characters"
MOST_ROWS = 5000
MOST_COLUMNS = 200
MOST_CHARACTERS = 200_000
_HIDDEN = frozenset({"Cf", "Co", "Cn"})


def kind_of_file(kind: Kind) -> Iterator[Finding]:
    """Yield a blocking finding for a file that no checker can be shown as it is."""
    if not kind.is_checkable:
        yield Finding(
            severity=Severity.BLOCK,
            rule=KIND,
            sentence=f"A file of this kind ({KIND_WORDS[kind]}) cannot be checked: not all of it can be shown to a checker.",
            remedy="Hand in tables as CSV (UTF-8), pictures as PNG or JPEG, words as plain text or Markdown.",
        )


def unreadable(reason: str) -> Finding:
    """Return the blocking finding for a table that cannot be read as one."""
    return Finding(
        severity=Severity.BLOCK,
        rule=UNREADABLE,
        sentence=f"This is named as a table but cannot be read as one ({reason}).",
        remedy="Write it again as CSV in UTF-8, with one quote character at each end of a quoted cell.",
    )


def size_of_table(table: Table) -> Iterator[Finding]:
    """Yield findings on a table too long to be looked at, or with cells outside its columns."""
    if len(table.rows) > MOST_ROWS:
        yield Finding(
            severity=Severity.BLOCK,
            rule=ROWS,
            sentence=f"{len(table.rows):,} rows are more than a person can check ({MOST_ROWS:,}), and look like rows of single persons.",
            remedy="Aggregate it, or split what is needed into smaller tables.",
            figures={"rows": len(table.rows), "most": MOST_ROWS},
        )
    if len(table.columns) > MOST_COLUMNS:
        yield Finding(
            severity=Severity.BLOCK,
            rule=COLUMNS,
            sentence=f"{len(table.columns):,} columns are more than a person can check ({MOST_COLUMNS:,}).",
            remedy="Split the table, or turn it so that the groups stand in rows.",
            figures={"columns": len(table.columns), "most": MOST_COLUMNS},
        )
    uneven = [row for row, cells in enumerate(table.rows, start=1) if len(cells) != table.width]
    if uneven:
        yield Finding(
            severity=Severity.WARN,
            rule=RAGGED,
            sentence=f"{len(uneven):,} rows have more or fewer cells than the others; other programs may show them otherwise.",
            remedy="Write the table with the same number of cells in every row.",
            row=uneven[0],
            figures={"rows": len(uneven)},
        )


def length_of_text(text: str) -> Iterator[Finding]:
    """Yield a blocking finding for a text longer than a person reads in one sitting."""
    if len(text) > MOST_CHARACTERS:
        yield Finding(
            severity=Severity.BLOCK,
            rule=LENGTH,
            sentence=f"{len(text):,} characters are more than a person can check ({MOST_CHARACTERS:,}).",
            remedy="Hand in only the part that is needed, without logs and listings.",
            figures={"characters": len(text), "most": MOST_CHARACTERS},
        )


def hidden_characters(text: str) -> Iterator[Finding]:
    """Yield a blocking finding for characters that change what is seen or carry what is not (Unicode TR 36, Trojan Source)."""
    for line, content in enumerate(text.splitlines(), start=1):
        if not content.isascii() and any(unicodedata.category(one) in _HIDDEN for one in content):
            yield Finding(
                severity=Severity.BLOCK,
                rule=HIDDEN,
                sentence=f"Line {line} has characters that cannot be seen, or that turn the order of what is seen.",
                remedy="Remove them: write the file again from its values.",
                figures={"line": line},
            )
            return
