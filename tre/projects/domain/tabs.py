"""Owns what each page of an application may say. Must never look anything up: persons and columns are checked by the service."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tre.kernel.errors import Invalid
from tre.projects.domain import choices
from tre.projects.domain.reading import Reader, Typed

LONGEST_YEARS = 5
MOST_MEMBERS = 50


@dataclass(frozen=True, kw_only=True)
class PeoplePage:
    """Whom to add (person name or e-mail address) and whom to remove (person id)."""

    organisation: str
    add: tuple[str, ...]
    remove: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DataPage:
    """Columns wanted by (dataset, table), why each table is needed, and what becomes of people in some datasets only."""

    columns: Mapping[tuple[str, str], tuple[str, ...]]
    why: Mapping[tuple[str, str], str]
    rows: Mapping[tuple[str, str], str]
    period: Mapping[tuple[str, str], tuple[date | None, date | None]]
    linkage: str = ""


@dataclass(frozen=True, kw_only=True)
class OutputsPage:
    """What will come out, where it will be published, and who may take it out (person ids)."""

    expected_outputs: str
    publication: str
    may_download: tuple[str, ...]


def read_people(typed: Typed) -> PeoplePage:
    """Return the page on people; raise `Invalid`."""
    reader = Reader(typed=typed)
    organisation = reader.line("organisation", "Organisation")
    lines = reader.text("add", "People to add")
    page = PeoplePage(
        organisation=organisation,
        add=tuple(dict.fromkeys(one.strip() for one in lines.replace(",", "\n").splitlines() if one.strip())),
        remove=reader.many("remove"),
    )
    if len(page.add) > MOST_MEMBERS:
        reader.faults["add"] = f"People to add: at most {MOST_MEMBERS} at a time"
    reader.finish()
    return page


def read_project(typed: Typed) -> dict[str, Any]:
    """Return the answers on the project itself, by the names of `Answers`; raise `Invalid`."""
    reader = Reader(typed=typed)
    answers = {
        "title": reader.line("title", "Title"),
        "lay_summary": reader.text("lay_summary", "Lay summary"),
        "purpose": reader.choice("purpose", "Purpose", choices.PURPOSES),
        "purpose_detail": reader.text("purpose_detail", "What you want to find out"),
        "public_benefit": reader.text("public_benefit", "Public benefit"),
        "article_6": reader.choice("article_6", "Article 6", choices.ARTICLE_6),
        "article_9": reader.choice("article_9", "Article 9", choices.ARTICLE_9),
        "common_law": reader.choice("common_law", "Duty of confidentiality", choices.COMMON_LAW),
    }
    reader.finish()
    return answers


def read_settings(typed: Typed, *, today: date) -> dict[str, Any]:
    """Return the end date, after `today` and within five years; raise `Invalid`."""
    reader = Reader(typed=typed)
    ends_on = reader.day("ends_on", "End date")
    if ends_on is not None and ends_on <= today:
        reader.faults["ends_on"] = "End date must be in the future"
    if ends_on is not None and ends_on.year > today.year + LONGEST_YEARS:
        reader.faults["ends_on"] = (
            f"End date must be within {LONGEST_YEARS} years: a longer project is applied for again"
        )
    reader.finish()
    return {"ends_on": ends_on}


def read_outputs(typed: Typed) -> OutputsPage:
    """Return the page on outputs; raise `Invalid`."""
    reader = Reader(typed=typed)
    page = OutputsPage(
        expected_outputs=reader.text("expected_outputs", "Expected results"),
        publication=reader.text("publication", "Where results will be published"),
        may_download=reader.many("may_download"),
    )
    reader.finish()
    return page


def read_data(typed: Typed) -> DataPage:
    """Return the page on data: fields `columns` with values `dataset/table/column`, and `why/dataset/table`.

    Raises:
        Invalid: a value has another form, or a reason is too long.
    """
    reader = Reader(typed=typed)
    columns: dict[tuple[str, str], tuple[str, ...]] = {}
    for value in reader.many("columns"):
        dataset, _, rest = value.partition("/")
        table, _, column = rest.partition("/")
        if not (dataset and table and column):
            raise Invalid({"columns": "Choose columns from the list"})
        columns[dataset, table] = (*columns.get((dataset, table), ()), column)
    why = {key: reader.text("/".join(("why", *key)), f"Why you need {key[1]}", most=2000) for key in columns}
    rows = {key: reader.line("/".join(("rows", *key)), f"Rows of {key[1]}", most=2000) for key in columns}
    period = {key: _period(reader, key) for key in columns}
    linkage = reader.choice("linkage", "People in some of the datasets only", choices.LINKAGE)
    reader.finish()
    return DataPage(columns=columns, why=why, rows=rows, period=period, linkage=linkage)


def _period(reader: Reader, key: tuple[str, str]) -> tuple[date | None, date | None]:
    first, last = (reader.day("/".join((end, *key)), f"The {end} day of {key[1]}") for end in ("first", "last"))
    if first and last and first > last:
        reader.faults["/".join(("last", *key))] = "The last day must not be before the first"
    return first, last
