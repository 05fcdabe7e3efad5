"""Owns what the catalogue keeps of a contract, as plain data for the dataset's row. Must never see the data."""

from typing import Any

from tre.data.domain.contract import Column, ColumnClass, Contract
from tre.data.domain.terms import Coverage, Retention

MOST_CODES = 100
_OF_CLASS = {
    ColumnClass.RECORD_IDENTIFIER: "a pseudonym of its own for each project",
    ColumnClass.SENSITIVE: "sensitive: say in the application why it is needed",
    ColumnClass.FREE_TEXT: "free text: only where the approval names it, and then scanned",
}


def terms_of(contract: Contract) -> dict[str, Any]:
    """Return what the catalogue shows of a contract's terms."""
    return {
        "version": contract.version,
        "uses": [{"code": one.code, "label": one.label, "detail": one.detail} for one in contract.permitted_uses],
        "retention": _kept(contract.retention),
        "coverage": _covered(contract.coverage),
    }


def told_of(column: Column) -> dict[str, Any]:
    """Return what the catalogue shows of a column beyond its name and meaning."""
    coarser = [f"made coarser: {column.rule}"] if column.rule else []
    of_class = [_OF_CLASS[column.kind]] if column.kind in _OF_CLASS else []
    codes = [[str(code), meaning] for code, meaning in list(column.codes.items())[:MOST_CODES]]
    return {"type": str(column.published_type), "treatment": "; ".join([*coarser, *of_class]), "codes": codes}


def _kept(retention: Retention | None) -> str:
    if retention is None:
        return ""
    until = f"until {retention.until.isoformat()}" if retention.until else ""
    years = f"{retention.years} years after each was loaded" if retention.years else ""
    kept = " or ".join(one for one in (until, years) if one)
    return f"{kept}: {retention.reason}" if retention.reason else kept


def _covered(coverage: Coverage | None) -> dict[str, Any]:
    if coverage is None:
        return {}
    return {
        "start": coverage.start.isoformat() if coverage.start else "",
        "until": coverage.until.isoformat() if coverage.until else "",
        "places": list(coverage.places),
        "population": coverage.population,
    }
