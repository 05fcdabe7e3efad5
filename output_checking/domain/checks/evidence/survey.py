"""Owns the first look at a source: is it sound, and what is to be summed. Must never look at cells."""

from dataclasses import dataclass

from output_checking.domain.checks.evidence.duck import Source, quoted
from output_checking.domain.checks.evidence.sql import number
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import Statistic, TableSpec


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What the source holds, before anything is cut.

    Args:
        records: of the whole source.
        quantities: SQL of the columns that are summed: `x` the measure, `y` the denominator, or 1 where weights are summed.
        weight: SQL of the weight, empty where there is none.
    """

    records: int
    quantities: dict[str, str]
    weight: str


def survey(source: Source, spec: TableSpec) -> Survey:
    """Return what the source holds.

    Raises:
        CannotJudge: `source.person_missing`, `source.no_records`.
    """
    # of a Parquet file its own figures answer this, without a look at the records
    ((records, missing),) = source.rows(
        f"select count(*), count(*) - count({quoted(source.person)}) from {source.relation}"
    )
    refuse_unsound(source, records=records, missing=missing)
    weight = number(spec.weight, source) if spec.weight else ""
    return Survey(records=records, quantities=_quantities(source, spec), weight=weight)


def _quantities(source: Source, spec: TableSpec) -> dict[str, str]:
    found: dict[str, str] = {}
    if spec.measure:
        held = _has_value(source, spec)
        if spec.statistic.is_frequency or spec.statistic is Statistic.OTHER:
            found["x"] = f"cast(case when {held} then 1 end as double)"
        elif spec.statistic is Statistic.MODE and not source.is_number(spec.measure):
            found["x"] = f"cast({quoted(spec.measure)} as varchar)"
        else:
            found["x"] = number(spec.measure, source)
    if spec.denominator and spec.statistic is Statistic.RATIO:
        found["y"] = number(spec.denominator, source)
    elif spec.weight and spec.statistic is not Statistic.SUM:
        # what the weights come to is a sum by another name, or divides one: whoever weighs most may stand out in it
        found["y"] = f"cast(case when {_has_value(source, spec)} then 1 end as double)"
    return found


def _has_value(source: Source, spec: TableSpec) -> str:
    return f"{quoted(source.named(spec.measure))} is not null" if spec.measure else "true"


def is_numeric(expression: str) -> bool:
    """Say whether a quantity is a number; else it is the text that a mode is taken of."""
    return expression.endswith("as double)")


def refuse_unsound(source: Source, *, records: int, missing: int) -> None:
    """Refuse a source without records, or with records that are nobody's."""
    if not records:
        raise CannotJudge("The data holds no records.", code="source.no_records")
    if missing:
        raise CannotJudge(
            f"{missing:,} record{'s do' if missing > 1 else ' does'} not say whose {'they are' if missing > 1 else 'it is'}: the person column '{source.person}' is empty there. "
            "Persons cannot be counted; leave such records out, or name another column.",
            code="source.person_missing",
        )
