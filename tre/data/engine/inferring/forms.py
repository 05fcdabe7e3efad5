"""Owns the SQL conditions by which a text value is told to be of a form. Must never be used to accept data: `faults` does that."""

from collections.abc import Mapping

from tre.data.engine.duck import literal
from tre.data.engine.faults import nhs_check

_POSTCODE = "[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}"
_NAME = "[A-Z][A-Za-z'’-]+( [A-Z][A-Za-z'’-]+){0,3}"
_DECIMAL = "[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?"
# The first six digits of a Community Health Index number are the day, month and year of birth.
_CHI = "(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{6}"


def forms(value: str) -> Mapping[str, str]:
    """Return name of a form to a condition on the SQL expression of a trimmed text `value`."""
    digits = f"regexp_replace({value}, '[ -]', '', 'g')"
    nhs = f"{_form('[0-9]{10}', digits)} AND {nhs_check(f'TRY_CAST({digits} AS BIGINT)')}"
    return {
        "integer": _form("-?(0|[1-9][0-9]{0,17})", value),
        "decimal": f"{_form(_DECIMAL, value)} AND NOT {_form('-?0[0-9]+', value)}",
        "boolean": _form("(?i)true|false|t|f", value),
        "date": _moment("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", value, "DATE"),
        "timestamp": _moment("[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[ T][0-9:.+Z-]+", value, "TIMESTAMP"),
        "time": _moment("[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", value, "TIME"),
        "other date": _form("[0-9]{1,2}[./-][0-9]{1,2}[./-]([0-9]{4}|[0-9]{2})", value),
        "nhs number": nhs,
        "chi number": f"{nhs} AND {_form(_CHI, digits)}",
        "national insurance number": _form("(?i)[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]", value),
        "postcode": _form(_POSTCODE, f"upper({value})"),
        "e-mail": _form("[^@ ]+@[^@ ]+[.][A-Za-z]{2,}", value),
        "telephone": _form("([+]|0)[0-9][0-9 ()-]{8,16}", value),
        "network address": _form("[0-9]{1,3}([.][0-9]{1,3}){3}", value),
        "universal identifier": _form("(?i)[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}", value),
        "name": _form(_NAME, value),
        "address": _form("[0-9]+[A-Za-z]?,? [A-Z].*", value),
    }


def _form(pattern: str, value: str) -> str:
    return f"regexp_full_match({value}, {literal(pattern)})"


def _moment(pattern: str, value: str, kind: str) -> str:
    return f"{_form(pattern, value)} AND TRY_CAST({value} AS {kind}) IS NOT NULL"


NAMES = tuple(forms("v"))
"""The forms, in order."""
