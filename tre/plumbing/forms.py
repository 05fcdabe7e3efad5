"""Owns how a form's fields reach a page: read once, within limits, after the check that the form is ours.

Must never judge a value (services do, in the field's own words), nor keep an uploaded file.
"""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

from tre.kernel.errors import Invalid, NotFound
from tre.plumbing.csrf import FIELD, HEADER, SAFE, check_csrf
from tre.plumbing.dates import date_or_sentence

MOST_FIELDS = 2000
MOST_FILES = 60
LONGEST_FIELD = 50_000


class Fields(dict[str, str | list[str]]):
    """What was typed, by field name (text, or a list where a name came more than once), and the files beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.uploads: dict[str, list[UploadFile]] = {}
        self.faults: dict[str, str] = {}

    def text(self, name: str) -> str:
        """Return the field's text without spaces around it and with plain line ends; empty when absent."""
        value = self.get(name, "")
        one = value[0] if isinstance(value, list) else value
        return one.replace("\r\n", "\n").strip()

    def many(self, name: str) -> list[str]:
        """Return every value of a name (ticked boxes), in order; empty texts are left out."""
        value = self.get(name, [])
        return [one for one in (value if isinstance(value, list) else [value]) if one]

    def number(self, name: str) -> int | None:
        """Return the field as a whole number; None when it is absent or is none."""
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None  # noqa: PLR2004 - fits any column

    def date(self, name: str, *, called: str) -> date | None:
        """Return the date of three fields `name-day`, `name-month`, `name-year`, or None with the reason in `faults`.

        Args:
            name: the date's name.
            called: what the form calls it, with its article: `the date you completed the course`.
        """
        parts = (self.text(f"{name}-day"), self.text(f"{name}-month"), self.text(f"{name}-year"))
        found = date_or_sentence(*parts, called=called)
        if isinstance(found, date):
            return found
        self.faults[name] = found
        return None

    def file(self, name: str) -> UploadFile | None:
        """Return the first file chosen under `name`; None when none was."""
        chosen = self.files(name)
        return chosen[0] if chosen else None

    def files(self, name: str) -> list[UploadFile]:
        """Return the files chosen under `name`; a browser sends an unnamed empty file when none was."""
        return [one for one in self.uploads.get(name, []) if one.filename]


async def read_fields(request: Request) -> AsyncIterator[Fields]:
    """Read the form of an unsafe request and check that it was sent from our own page (app-wide dependency).

    Raises:
        NotPermitted: the form is not ours.
        Invalid: a field is longer than any form of ours takes, or cannot be stored.
        NotFound: the address holds what no address of ours does.
        TooLarge: the body is longer than accepted (raised while reading).
    """
    _check_address(request)
    if request.method in SAFE:
        yield Fields()
        return
    origin = request.app.state.house.config.portal_origin
    if request.url.path.startswith("/api/"):
        check_csrf(request, given=request.headers.get(HEADER, ""), origin=origin)
        yield Fields()
        return
    async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=4 * LONGEST_FIELD) as form:
        fields = _sorted_out(form)
        check_csrf(request, given=fields.text(FIELD) or request.headers.get(HEADER, ""), origin=origin)
        _check_texts(fields)
        yield fields


FormFields = Annotated[Fields, Depends(read_fields)]


def _sorted_out(form: FormData) -> Fields:
    fields = Fields()
    for name in form:
        values = form.getlist(name)
        texts = [one for one in values if isinstance(one, str)]
        if texts:
            fields[name] = texts[0] if len(texts) == 1 else texts
        uploads = [one for one in values if isinstance(one, UploadFile)]
        if uploads:
            fields.uploads[name] = uploads
    return fields


def _check_texts(fields: Fields) -> None:
    for name, value in fields.items():
        texts = value if isinstance(value, list) else [value]
        longest = max(len(one) for one in texts)
        if longest > LONGEST_FIELD:
            told = f"What was entered has {longest:,} characters; the most accepted is {LONGEST_FIELD:,}. Shorten it."
            raise Invalid({name: told}, code="web.form.field_too_long")
        if any("\0" in one for one in texts):  # PostgreSQL stores every character but this one
            raise Invalid({name: "There is a character that cannot be stored in what was entered. Type it again."})


def _check_address(request: Request) -> None:
    if "\0" in request.url.path or "\0" in "".join(request.query_params.values()):
        raise NotFound("There is no such page.", code="web.address.odd")
