"""Rule: nothing that names one person leaves: NHS numbers, project pseudonyms, dates of birth, postcodes.

Sources: NHS Data Dictionary (NHS NUMBER, modulus 11); the five safes' "safe outputs"; the SDC Handbook counts any row of one
person as unsafe. One in eleven numbers of ten digits has a right check digit by chance, hence the remedy for such figures.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from output_checking.domain.checks.files.finding import Finding, Severity
from output_checking.domain.checks.files.tabular import Table
from tre.kernel.patterns import DATE_PATTERN, POSTCODE_PATTERN, find_nhs_numbers, find_pseudonyms

NHS_NUMBER = "identifiers.nhs_number"
PSEUDONYM = "identifiers.pseudonym"
BIRTH_DATE = "identifiers.birth_date"
POSTCODE = "identifiers.postcode"
_BIRTH_NAME = re.compile(
    r"(^|[^a-z])(dob|birth[ _-]?da(te|y)|da(te|y)[ _-]?of[ _-]?birth|born)([^a-z]|$)", re.IGNORECASE
)
_BORN_ON = re.compile(r"\b(dob|born( on)?|date of birth|birthday)\b.{0,12}?" + DATE_PATTERN, re.IGNORECASE)
_POSTCODE = re.compile(POSTCODE_PATTERN)
_FLOAT_WHOLE = re.compile(r"(\d)\.0+(?=\D|$)")


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A piece of a file to be looked through, and where it stands."""

    text: str
    row: int | None = None
    column: str = ""
    where: str = ""


def identifiers(passages: Iterable[Passage]) -> Iterator[Finding]:
    """Yield a finding for each passage that holds something which names one person."""
    for passage in passages:
        plain = _FLOAT_WHOLE.sub(r"\1", passage.text)
        # 4,9991234567 in a text is a list, not a number; files are searched in any case of letters
        if any(find_nhs_numbers(plain.replace(",", " "))):
            yield _blocks(passage, NHS_NUMBER, "a value that is a valid NHS number", remedy=_NOT_ONE)
        if any(find_pseudonyms(plain.upper())):
            yield _blocks(
                passage,
                PSEUDONYM,
                "a value that looks like a project pseudonym",
                remedy="Remove it: results are of groups, never of one person.",
            )
        if _BORN_ON.search(plain):
            yield _blocks(passage, BIRTH_DATE, "a date of birth", remedy="Remove it, or give an age band.")
        if _POSTCODE.search(plain):
            found = _blocks(
                passage,
                POSTCODE,
                "a value that looks like a full postcode",
                remedy="Give the district or a region instead.",
            )
            yield replace(found, severity=Severity.WARN)


def birth_columns(table: Table) -> Iterator[Finding]:
    """Yield a finding for each column named as a date of birth that holds dates."""
    for place, name in enumerate(table.columns):
        if _BIRTH_NAME.search(name) and any(re.search(DATE_PATTERN, cell) for cell in table.column(place)):
            yield _blocks(
                Passage(text="", column=name),
                BIRTH_DATE,
                "dates of birth",
                remedy="Remove the column, or give age bands.",
            )


def passages_of_table(table: Table) -> Iterator[Passage]:
    """Yield every name of a column and every cell as a passage."""
    for name in table.columns:
        yield Passage(text=name, column=name)
    for row, cells in enumerate(table.rows, start=1):
        for place, cell in enumerate(cells):
            if len(cell) > 5:  # noqa: PLR2004 - nothing looked for here is shorter
                yield Passage(text=cell, row=row, column=table.columns[place])


def passages_of_text(text: str) -> Iterator[Passage]:
    """Yield every line as a passage."""
    for line, content in enumerate(text.splitlines(), start=1):
        yield Passage(text=content, row=line)


_NOT_ONE = "Remove it. If it is a figure of ten digits and not a person's number, round it or write it with separators (1,234,567,890)."


def _blocks(passage: Passage, rule: str, what: str, *, remedy: str) -> Finding:
    place = passage.where or ("In the table" if passage.column else "In the text")
    return Finding(
        severity=Severity.BLOCK,
        rule=rule,
        sentence=f"{place}: {what}.",
        remedy=remedy,
        row=passage.row,
        column=passage.column,
    )
