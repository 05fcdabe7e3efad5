"""Owns how a specification is read from JSON. Must never guess what was meant: what does not fit is refused in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from output_checking.domain.checks import schemas
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.expression import read_filter
from output_checking.domain.checks.specification.model import (
    BoxSpec,
    Dimension,
    HistogramSpec,
    Normalize,
    OtherSpec,
    RegressionSpec,
    ScatterSpec,
    Specification,
    Statistic,
    SurvivalSpec,
    TableSpec,
    Term,
)
from output_checking.domain.checks.specification.sound import refuse_unsound

KNOWN = ("table", "histogram", "scatter", "box", "survival", "regression")
NEEDS_MEASURE = {one for one in Statistic if one not in {Statistic.COUNT, Statistic.PERSONS, Statistic.OTHER}}
NO_WEIGHT = {Statistic.PERSONS, *(one for one in Statistic if one.is_extreme or one.is_quantile), Statistic.MODE}


def read_specification(given: object) -> Specification:
    """Return the typed specification.

    Args:
        given: what was read from JSON.

    Raises:
        CannotJudge: `specification.…` when it is malformed or contradicts itself.
    """
    if not isinstance(given, Mapping):
        raise CannotJudge("The specification is not a JSON object.", code="specification.malformed")
    refuse_unsound(given)
    kind = given.get("kind", "table")
    part = kind if isinstance(kind, str) and kind in KNOWN else "other"
    schemas.check("specification", given, part=part, called="The specification")
    made: Specification = _READERS[part](given)
    return made


def _common(given: Mapping[str, Any]) -> dict[str, Any]:
    text = given.get("filter", "").strip()
    return {
        "title": given.get("title", ""),
        "filter_text": text,
        "chosen": read_filter(text) if text else None,
        "appetite": dict(given.get("appetite", {})),
    }


def _dimensions(given: Sequence[str | Mapping[str, Any]]) -> tuple[Dimension, ...]:
    return tuple(map(_dimension, given))


def _dimension(given: str | Mapping[str, Any]) -> Dimension:
    if isinstance(given, str):
        return Dimension(column=given)
    edges = tuple(given.get("bands", ()))
    inner = edges[1:-1]
    finite = [edge for edge in edges if edge is not None]
    if None in inner or finite != sorted(set(finite)) or (edges and not finite):
        raise CannotJudge(
            f"The bands of '{given['column']}' are not cut points in ascending order, open (null) at the ends at most.",
            code="specification.bands",
        )
    merged = tuple(map(tuple, given.get("merge", ())))
    named = [level for group in merged for level in group]
    if merged and (edges or len(set(named)) < len(named)):
        raise CannotJudge(
            f"The levels of '{given['column']}' that are to be one stand twice, or beside bands: bands are merged by leaving out "
            "the cut point between them.",
            code="specification.merge",
        )
    return Dimension(column=given["column"], edges=edges, merged=merged)


def _table(given: Mapping[str, Any]) -> TableSpec:
    name = given.get("statistic", "count")
    statistic = Statistic(name) if name in {*Statistic} else Statistic.OTHER
    made = TableSpec(
        **_common(given),
        rows=_dimensions(given.get("rows", ())),
        columns=_dimensions(given.get("columns", ())),
        statistic=statistic,
        statistic_name=name,
        measure=given.get("measure", ""),
        denominator=given.get("denominator", ""),
        probability=given.get("quantile", 0.5),
        weight=given.get("weight", ""),
        normalize=Normalize(given.get("normalize", "")),
        margins=given.get("margins", False),
        suppressed=frozenset((tuple(one["row"]), tuple(one["column"])) for one in given.get("suppressed", ())),
        rounding=given.get("rounding", ""),
        noise=int(given.get("noise", 0)),
    )
    _hold_together(made, given)
    return made


def _hold_together(table: TableSpec, given: Mapping[str, Any]) -> None:
    """Refuse parts that contradict each other: half a specification would be judged as another output than is meant."""
    statistic = table.statistic
    names = [one.column for one in table.dimensions]
    faults = {
        f"'{statistic}' needs a measure": statistic in NEEDS_MEASURE and not table.measure,
        "'ratio' needs a denominator": statistic is Statistic.RATIO and not table.denominator,
        "only 'ratio' takes a denominator": bool(table.denominator)
        and statistic not in {Statistic.RATIO, Statistic.OTHER},
        "'quantile' needs a probability (quantile: 0.9)": statistic is Statistic.QUANTILE and "quantile" not in given,
        "only 'quantile' takes a probability": "quantile" in given and statistic is not Statistic.QUANTILE,
        f"'{statistic}' takes no weight": bool(table.weight) and statistic in NO_WEIGHT,
        "only counts, persons and sums can be normalised": bool(table.normalize)
        and not (statistic.is_frequency or statistic is Statistic.SUM),
        "only counts and persons that are not normalised can be rounded or noised": bool(table.rounding or table.noise)
        and not (statistic.is_frequency and not table.normalize and not table.weight),
        "a table is rounded or noised, not both": bool(table.rounding and table.noise),
        "a column stands twice in rows and columns": len(set(names)) < len(names),
    }
    for sentence, is_so in faults.items():
        if is_so:
            raise CannotJudge(f"The specification contradicts itself: {sentence}.", code="specification.contradiction")


def _histogram(given: Mapping[str, Any]) -> HistogramSpec:
    bins = given.get("bins", 10)
    edges = tuple(bins) if isinstance(bins, list) else ()
    if list(edges) != sorted(set(edges)):
        raise CannotJudge("The edges of the bins are not in ascending order.", code="specification.bands")
    return HistogramSpec(
        **_common(given),
        measure=given["measure"],
        by=_dimensions(given.get("by", ())),
        bins=0 if edges else int(bins),
        edges=edges,
    )


def _scatter(given: Mapping[str, Any]) -> ScatterSpec:
    return ScatterSpec(**_common(given), x=given["x"], y=given["y"])


def _box(given: Mapping[str, Any]) -> BoxSpec:
    whiskers = given.get("whiskers", "tukey")
    return BoxSpec(
        **_common(given),
        measure=given["measure"],
        by=_dimensions(given.get("by", ())),
        whiskers=whiskers if isinstance(whiskers, str) else (min(whiskers), max(whiskers)),
        outliers=given.get("outliers", True),
    )


def _survival(given: Mapping[str, Any]) -> SurvivalSpec:
    return SurvivalSpec(
        **_common(given),
        time=given["time"],
        event=given["event"],
        by=_dimensions(given.get("by", ())),
        times=tuple(sorted(set(given.get("times", ())))),
        at_risk=given.get("at_risk", True),
    )


def _regression(given: Mapping[str, Any]) -> RegressionSpec:
    if (given["model"] == "cox") != bool(given.get("event")):
        raise CannotJudge(
            "The specification contradicts itself: 'event' belongs to the model 'cox', and to it alone.",
            code="specification.contradiction",
        )
    return RegressionSpec(
        **_common(given),
        model=given["model"],
        outcome=given["outcome"],
        event=given.get("event", ""),
        terms=tuple(map(_term, given["terms"])),
        constant=given.get("constant", True),
        nested=tuple(tuple(map(_term, terms)) for terms in given.get("nested", ())),
        residuals=given.get("residuals", False),
    )


def _term(given: str | Mapping[str, Any]) -> Term:
    if isinstance(given, str):
        return Term(columns=(given,))
    if "product" in given:
        if not set(given.get("categorical", ())) <= set(given["product"]):
            raise CannotJudge(
                "The specification contradicts itself: 'categorical' names columns that are not in the product.",
                code="specification.contradiction",
            )
        return Term(columns=tuple(given["product"]), categorical=frozenset(given.get("categorical", ())))
    names = {given["column"]} if given.get("categorical") else set()
    return Term(columns=(given["column"],), categorical=frozenset(names))


def _other(given: Mapping[str, Any]) -> OtherSpec:
    return OtherSpec(**_common(given), kind=given["kind"], description=given.get("description", ""))


_READERS: dict[str, Any] = {
    "table": _table,
    "histogram": _histogram,
    "scatter": _scatter,
    "box": _box,
    "survival": _survival,
    "regression": _regression,
    "other": _other,
}
