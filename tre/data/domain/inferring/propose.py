"""Owns the proposal of a contract from measures: types, classes, rules, ranges, codes. Must never name a rare value.

What may name a person is flagged with a sentence; the custodian decides.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from tre.data.domain.contract import ColumnClass, ColumnType
from tre.data.domain.identifiers import NHS_NUMBER, WHOLE_NUMBER
from tre.data.domain.inferring.drafts import ColumnDraft, Draft, TableDraft
from tre.data.domain.inferring.identifiers import is_called_person, is_person_number, sign_of
from tre.data.domain.inferring.measures import ColumnMeasure, FileMeasure

_NEARLY_ALL = 0.95
_WORDS = 3.0
_LONG = 30.0
_TYPES: Mapping[str, ColumnType] = {
    "boolean": ColumnType.BOOLEAN,
    "integer": ColumnType.INTEGER,
    "date": ColumnType.DATE,
    "timestamp": ColumnType.TIMESTAMP,
    "time": ColumnType.TIME,
    "decimal": ColumnType.DECIMAL,
}
_NUMBERS = (ColumnType.INTEGER, ColumnType.DECIMAL)
_MOMENTS = (ColumnType.DATE, ColumnType.TIMESTAMP)
_FEWEST_CODES = 2
_MOST_RARER = {ColumnType.TEXT: 0.5, ColumnType.INTEGER: 0.0}
"""Rarer values to each common one that a list of codes may leave out: a number with rare values is a quantity."""
_NO_QUANTITY = re.compile(r"(?i)(id|code|value|key|number)$")
"""What a number is called that counts nothing: a range of codes says nothing."""
_EPOCH = date(1970, 1, 1)


def propose(files: Sequence[FileMeasure]) -> Draft:
    """Return a draft over these files, which belong together."""
    numbered = any(is_person_number(one) for file in files for one in file.columns)
    person = "" if numbered else _shared_person(files)
    tables = tuple(_table(file, person, files) for file in files)
    why: tuple[str, ...] = ()
    if not numbered and not person:
        why = (
            "No column was found that names the person: give one the class “person identifier” in each table about persons.",
        )
    return Draft(tables=tables, identifier_kind=NHS_NUMBER if numbered else WHOLE_NUMBER, why=why)


def _shared_person(files: Sequence[FileMeasure]) -> str:
    """Return the name of the column that names the person, by its name; of several, the one in most files."""
    found = Counter(one.name.lower() for file in files for one in file.columns if is_called_person(one))
    return found.most_common(1)[0][0] if found else ""


def _table(file: FileMeasure, person: str, files: Sequence[FileMeasure]) -> TableDraft:
    who = next((one for one in file.columns if is_person_number(one) or one.name.lower() == person), None)
    keys = {
        one.name.lower() for each in files for one in each.columns if one.is_key and _type(one) == ColumnType.INTEGER
    }
    columns = tuple(_person(one, files) if one is who else _column(one, keys) for one in file.columns)
    unique = [one.name for one in file.columns if one.is_key and _may_be_key(one, columns, file)]
    why = (
        ("No row names a person, so this is drafted as a reference table: check that it is one.",)
        if who is None
        else ()
    )
    return TableDraft(stem=file.stem, columns=columns, key=tuple(unique[:1]), why=why)


def _may_be_key(one: ColumnMeasure, columns: Sequence[ColumnDraft], file: FileMeasure) -> bool:
    draft = columns[file.columns.index(one)]
    return draft.kind in {ColumnClass.PERSON_IDENTIFIER, ColumnClass.RECORD_IDENTIFIER}


def _person(one: ColumnMeasure, files: Sequence[FileMeasure]) -> ColumnDraft:
    if is_person_number(one):
        kind = "CHI" if one.share("chi number") >= _NEARLY_ALL else "NHS, CHI or H&C"
        why = f"Ten digits with the check digit of {kind} numbers in {one.share('nhs number'):.0%} of the values: this names the person."
    else:
        there = sum(any(each.name.lower() == one.name.lower() for each in file.columns) for file in files)
        why = f"Called as identifiers of persons are, a whole number, and in {there} of {len(files)} files: this names the person."
    return ColumnDraft(
        source=one.name, kind=ColumnClass.PERSON_IDENTIFIER, type=ColumnType.INTEGER, why=(why,), is_identifier=True
    )


def _column(one: ColumnMeasure, keys: set[str]) -> ColumnDraft:
    sign, kind = sign_of(one), _type(one)
    if is_person_number(one):
        why = "A second column of numbers with the check digit of health numbers: another person's, perhaps. It is dropped."
        return ColumnDraft(
            source=one.name, kind=ColumnClass.DIRECT_IDENTIFIER, type=ColumnType.TEXT, why=(why,), is_identifier=True
        )
    if sign:
        extra = {"rule": sign.rule} if sign.rule else {}
        kept = kind if sign.kind == ColumnClass.GENERALISE else ColumnType.TEXT
        return ColumnDraft(source=one.name, kind=sign.kind, type=kept, extra=extra, why=(sign.why,), is_identifier=True)
    if kind == ColumnType.INTEGER and one.name.lower() in keys:
        why = (
            "A key: unique in a file of this dataset. It becomes a pseudonym of its own in each project."
            if one.is_key
            else ("Called as the unique key of another file: it joins to it.")
        )
        return ColumnDraft(
            source=one.name, kind=ColumnClass.RECORD_IDENTIFIER, type=kind, why=(why,), is_identifier=one.is_key
        )
    return _by_type(one, kind)


def _by_type(one: ColumnMeasure, kind: ColumnType) -> ColumnDraft:
    if kind in _MOMENTS:
        why = "Exact days of events can be matched with what is known elsewhere: only the month is kept."
        extra = {"rule": "month", **_range(one, kind)}
        return ColumnDraft(
            source=one.name, kind=ColumnClass.GENERALISE, type=kind, extra=extra, why=(why, *_range_why(one))
        )
    if kind == ColumnType.TEXT:
        return _text(one)
    codes = _codes(one, kind)
    if codes or kind not in _NUMBERS:
        return ColumnDraft(source=one.name, kind=ColumnClass.PLAIN, type=kind, extra=codes, why=_codes_why(one, codes))
    if _NO_QUANTITY.search(one.name):
        return ColumnDraft(source=one.name, kind=ColumnClass.PLAIN, type=kind)
    return ColumnDraft(source=one.name, kind=ColumnClass.PLAIN, type=kind, extra=_range(one, kind), why=_range_why(one))


def _text(one: ColumnMeasure) -> ColumnDraft:
    if one.spaces >= _WORDS or one.length >= _LONG:
        why = "Long text in words: it may hold names. It goes into a snapshot only where an approval names it, and is scanned."
        return ColumnDraft(
            source=one.name, kind=ColumnClass.FREE_TEXT, type=ColumnType.TEXT, why=(why,), is_identifier=True
        )
    if one.is_unique:
        why = "Every row has a value of its own: a key or a name. It is dropped unless you say otherwise."
        return ColumnDraft(
            source=one.name, kind=ColumnClass.DIRECT_IDENTIFIER, type=ColumnType.TEXT, why=(why,), is_identifier=True
        )
    codes = _codes(one, ColumnType.TEXT)
    why_more = (
        ()
        if codes or not one.filled or one.distinct < one.filled * 0.1
        else ("Many values are shared by few rows: consider a coarser class.",)
    )
    if one.share("other date") >= _NEARLY_ALL:
        why_more = (
            "Dates that are not written as 2026-01-31: have them written so, then make the type date.",
            *why_more,
        )
    return ColumnDraft(
        source=one.name,
        kind=ColumnClass.PLAIN,
        type=ColumnType.TEXT,
        extra=codes,
        why=(*_codes_why(one, codes), *why_more),
    )


def _type(one: ColumnMeasure) -> ColumnType:
    """Return the narrowest type that all values have; text for a column without a value."""
    if not one.filled:
        return ColumnType.TEXT
    return next((kind for form, kind in _TYPES.items() if one.fits.get(form, 0) == one.filled), ColumnType.TEXT)


def _codes(one: ColumnMeasure, kind: ColumnType) -> dict[str, Any]:
    """Return the list of codes, where the values that many rows share are most of them."""
    if len(one.common) < _FEWEST_CODES or kind not in _MOST_RARER or one.rarer > len(one.common) * _MOST_RARER[kind]:
        return {}
    return {"codes": sorted(int(code) for code in one.common) if kind == ColumnType.INTEGER else list(one.common)}


def _codes_why(one: ColumnMeasure, codes: Mapping[str, Any]) -> tuple[str, ...]:
    if not codes or not one.rarer:
        return ()
    return (
        f"{one.rarer} rarer values are not told here: rows with them will be set aside unless you add their codes.",
    )


def _range(one: ColumnMeasure, kind: ColumnType) -> dict[str, Any]:
    if one.middle is None or one.middle[0] == one.middle[1]:
        return {}
    low, high = one.middle
    if kind in _MOMENTS:
        first, last = (_EPOCH + timedelta(days=days) for days in (low, high))
        return {"range": {"from": f"{first.year // 10 * 10 - 10}-01-01", "until": f"{last.year // 10 * 10 + 19}-12-31"}}
    return {"range": {"from": _outward(low - (high - low), low), "until": _outward(high + (high - low), high)}}


def _range_why(one: ColumnMeasure) -> tuple[str, ...]:
    if one.middle is None or one.middle[0] == one.middle[1]:
        return ()
    return (
        "The range is round numbers well outside the middle of the values, not the smallest and largest: set the true bounds.",
    )


def _outward(wanted: float, held: float) -> int | float:
    """Return a round number no nearer to the middle than `wanted`, of no other sign than `held`."""
    if held >= 0 > wanted:
        return 0
    if wanted == 0:
        return 0
    step = 10.0 ** math.floor(math.log10(abs(wanted)))
    rounded = (math.floor if wanted < held else math.ceil)(wanted / step) * step
    return int(rounded) if float(rounded).is_integer() else rounded
