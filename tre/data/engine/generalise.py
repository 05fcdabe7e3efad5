"""Owns the SQL of the rules that make a column coarser. Must never be used for what a contract does not call `generalise`."""

from datetime import date

from tre.data.domain.contract import Column, Rule
from tre.data.engine.duck import name

BAND_YEARS = 5
TOP_AGE = 90
"""Ages of 90 and over are one band: the very old are few, and known to many (HIPAA safe harbour, 45 CFR 164.514)."""


def published_value(column: Column, *, on: date) -> str:
    """Return the SQL expression of what a snapshot shows of `column` of the stored row `s`.

    Args:
        on: day on which ages are reckoned.
    """
    value = f"s.{name(column.name)}"
    match column.rule:
        case None:
            return value
        case Rule.YEAR:
            return f"CAST(year({value}) AS INTEGER)"
        case Rule.MONTH:
            return f"CAST(date_trunc('month', {value}) AS DATE)"
        case Rule.AGE_BAND:
            return _age_band(value, on)
        case Rule.OUTWARD_POSTCODE:
            return _outward(value)


def _age_band(value: str, on: date) -> str:
    age = f"date_sub('year', {value}, DATE '{on.isoformat()}')"
    low = f"({age} // {BAND_YEARS} * {BAND_YEARS})"
    band = f"printf('%02d-%02d', {low}, {low} + {BAND_YEARS - 1})"
    return f"CASE WHEN {age} < 0 THEN NULL WHEN {age} >= {TOP_AGE} THEN '{TOP_AGE}+' ELSE {band} END"


def _outward(value: str) -> str:
    """The inward part is always the last three characters, with or without a space before it."""
    tight = f"regexp_replace(upper({value}), '[^A-Z0-9]', '', 'g')"
    return (
        f"CASE WHEN regexp_full_match({tight}, '[A-Z]{{1,2}}[0-9][A-Z0-9]?[0-9][A-Z]{{2}}') THEN left({tight}, -3) END"
    )
