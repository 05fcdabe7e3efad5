"""Owns the first look at a source: is it sound, and what is to be summed. Must never look at cells."""

from dataclasses import dataclass

from output_checking.domain.checks.evidence.duck import Source, quoted
from output_checking.domain.checks.evidence.sql import condition, number
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import Statistic, TableSpec


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What the source holds, before anything is cut.

    Args:
        quantities: SQL of the columns that are summed: `x` the measure, `y` the denominator.
        indicators: those of them of which every value is 0 or 1.
        weight: SQL of the weight, empty where there is none.
    """

    records: int
    chosen: int
    quantities: dict[str, str]
    indicators: frozenset[str]
    weight: str


def survey(source: Source, spec: TableSpec) -> Survey:
    """Return what the source holds.

    Raises:
        CannotJudge: `source.person_missing`, `source.not_finite`, `source.weights`, `source.no_records`.
    """
    quantities = _quantities(source, spec)
    weight = number(spec.weight, source) if spec.weight else ""
    chosen = condition(spec.chosen, source)
    parts = [
        f"count(*), count(*) - count({quoted(source.person)}), count(*) filter ({chosen})",
        *(f"count(*) filter ({chosen} and not isfinite({one}))" for one in (*quantities.values(), *filter(None, [weight])) if is_numeric(one)),
        *(f"count(*) filter ({chosen} and {one} not in (0, 1))" for one in quantities.values() if is_numeric(one)),
        *([f"count(*) filter ({chosen} and ({weight} is null or {weight} < 0))"] if weight else []),
    ]  # fmt: skip
    (found,) = source.rows(f"select {', '.join(parts)} from {source.relation}")
    records, missing, kept, *rest = found
    refuse_unsound(source, records=records, missing=missing)
    numeric = [name for name, one in quantities.items() if is_numeric(one)]
    odd = sum(rest[: len(numeric) + bool(weight)])
    if odd:
        raise CannotJudge(
            f"{odd:,} values of the measure, denominator or weight are infinite or NaN; declare them missing (null) first.",
            code="source.not_finite",
        )
    if weight and rest[-1]:
        raise CannotJudge(f"{rest[-1]:,} records have no weight or a negative one.", code="source.weights")
    others = rest[len(numeric) + bool(weight) :]
    indicators = frozenset(name for name, count in zip(numeric, others, strict=False) if not count)
    return Survey(records=records, chosen=kept, quantities=quantities, indicators=indicators, weight=weight)


def _quantities(source: Source, spec: TableSpec) -> dict[str, str]:
    found: dict[str, str] = {}
    if spec.measure:
        held = f"{quoted(source.named(spec.measure))} is not null"
        if spec.statistic.is_frequency or spec.statistic is Statistic.OTHER:
            found["x"] = f"cast(case when {held} then 1 end as double)"
        elif spec.statistic is Statistic.MODE and not source.is_number(spec.measure):
            found["x"] = f"cast({quoted(spec.measure)} as varchar)"
        else:
            found["x"] = number(spec.measure, source)
    if spec.denominator and spec.statistic is Statistic.RATIO:
        found["y"] = number(spec.denominator, source)
    return found


def is_numeric(expression: str) -> bool:
    """Say whether a quantity is a number; else it is the text that a mode is taken of."""
    return expression.endswith("as double)")


def refuse_unsound(source: Source, *, records: int, missing: int) -> None:
    """Refuse a source without records, or with records that are nobody's."""
    if not records:
        raise CannotJudge("The data holds no records.", code="source.no_records")
    if missing:
        raise CannotJudge(
            f"{missing:,} records do not say whose they are: the person column '{source.person}' is empty there. "
            "Persons cannot be counted; leave such records out, or name another column.",
            code="source.person_missing",
        )
