"""Owns how a contract's checked YAML becomes the domain's values. Must never judge them: `checking` did."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tre.data.contracts.lists import duo_labels, geography_of, shipped_geographies
from tre.data.domain.contract import (
    Column,
    ColumnClass,
    ColumnType,
    Contract,
    Coverage,
    Generalisation,
    Geography,
    OptOutFile,
    PermittedUse,
    PersonOf,
    Range,
    Reference,
    Retention,
    Rule,
    Table,
    Term,
    Withheld,
)
from tre.data.domain.dialect import Dialect
from tre.data.domain.free_text import Treatment

Values = Mapping[str, Any]
Geographies = Mapping[str, Geography]


def contract_of(values: Values, *, sha256: str) -> Contract:
    """Return the contract; `sha256` is of its text."""
    identifier = values["identifier"]
    geographies = {**shipped_geographies(), **_own_geographies(values)}
    return Contract(
        dataset=values["dataset"],
        title=values["title"],
        summary=" ".join(values["summary"].split()),
        source=values["source"],
        custodian=values["custodian"],
        legal_basis=values["legal_basis"],
        identifier_kind=identifier["kind"],
        namespace=identifier["namespace"],
        opt_outs=tuple(_term(one) for one in values["opt_outs"]),
        opt_out_files=tuple(OptOutFile(**one) for one in values.get("opt_out_files", ())),
        quarantine_limit=values["quarantine_limit"],
        tables=tuple(_table({"dialect": values.get("dialect", {}), **one}, geographies) for one in values["tables"]),
        sha256=sha256,
        version=str(values.get("version", "1")),
        consents=tuple(_term(one) for one in values.get("consents", ())),
        retention=_retention(values.get("retention")),
        permitted_uses=tuple(_use(one) for one in values.get("permitted_uses", ())),
        coverage=_coverage(values.get("coverage")),
        withheld=tuple(Withheld(**one) for one in values.get("withheld", ())),
    )


def generalisation(values: str | Values, geographies: Geographies) -> Generalisation:
    """Return a rule, written as its kind alone or with its parameters."""
    if isinstance(values, str):
        return Generalisation(kind=Rule(values))
    given = dict(values)
    kind = Rule(given.pop("kind"))
    if "geography" in given:
        given["geography"] = geographies[given["geography"]]
    return Generalisation(kind=kind, **given)


def bound(value: Any, kind: ColumnType) -> Any:
    """Return an end of a range in the column's type; raise `ValueError` if it is not of it."""
    if kind == ColumnType.DATE:
        return date.fromisoformat(value)
    if kind == ColumnType.TIMESTAMP:
        return datetime.fromisoformat(value)
    return value


def _own_geographies(values: Values) -> Geographies:
    return {one["name"]: geography_of(one) for one in values.get("geographies", ())}


def _term(values: str | Values) -> Term:
    return Term(name=values) if isinstance(values, str) else Term(**values)


def _use(values: str | Values) -> PermittedUse:
    code, detail = (values, "") if isinstance(values, str) else (values["code"], values.get("detail", ""))
    return PermittedUse(code=code, label=duo_labels()[code], detail=detail)


def _day(values: Values, key: str) -> date | None:
    return date.fromisoformat(values[key]) if key in values else None


def _retention(values: Values | None) -> Retention | None:
    if values is None:
        return None
    return Retention(until=_day(values, "until"), years=values.get("years"), reason=values["reason"])


def _coverage(values: Values | None) -> Coverage | None:
    if values is None:
        return None
    return Coverage(
        start=_day(values, "from"),
        until=_day(values, "until"),
        places=tuple(values.get("places", ())),
        population=values.get("population", ""),
    )


def _table(values: Values, geographies: Geographies) -> Table:
    columns = tuple(_column(one, geographies) for one in values["columns"])
    return Table(
        name=values["name"],
        meaning=values["meaning"],
        file=values["file"],
        key=tuple(values.get("key", ())),
        near_zero=values.get("near_zero", 0.0),
        person_of=PersonOf(**values["person_of"]) if "person_of" in values else None,
        may_be_absent=values.get("may_be_absent", False),
        dialect=Dialect(**values["dialect"]),
        may_lack=_may_lack(values, columns),
        columns=columns,
    )


def _may_lack(values: Values, columns: Sequence[Column]) -> frozenset[str]:
    """Return what `needs` does not name: without it every column must be there."""
    if "needs" not in values:
        return frozenset()
    needed = {one.source for one in columns if one.name in values["needs"]}
    return frozenset(one.source for one in columns) - needed


def _column(values: Values, geographies: Geographies) -> Column:
    kind = ColumnType(values["type"])
    codes = values.get("codes", {})
    return Column(
        name=values["name"],
        source=values.get("from", values["name"]),
        kind=ColumnClass(values.get("class", "plain")),
        type=kind,
        meaning=values["meaning"],
        unit=values.get("unit", ""),
        topic=values.get("topic", ""),
        coding=values.get("coding", ""),
        rule=generalisation(values["rule"], geographies) if "rule" in values else None,
        record=values.get("record", ""),
        range=_range(values["range"], kind) if "range" in values else None,
        codes=codes if isinstance(codes, Mapping) else dict.fromkeys(codes, ""),
        reference=Reference(*values["reference"].split(".")) if "reference" in values else None,
        missing=values.get("missing", {}),
        recode=values.get("recode", {}),
        extract=values.get("extract", ""),
        when_found=Treatment(values.get("when_found", Treatment.MASK)),
    )


def _range(values: Values, kind: ColumnType) -> Range:
    low, high = (bound(values[end], kind) if end in values else None for end in ("from", "until"))
    return Range(low=low, high=high)
