"""Owns the judging of a fitted model: by its degrees of freedom, its design, its outcome, and the models beside it.

Sources: Ritchie (2012), regressions are safe unless saturated, or an indicator is one person, or a full set of nested models
is given; ACRO safe_dof_threshold 10; SDC Handbook (2019), regression.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

from output_checking.domain.checks.answer import JudgedCell
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.evidence.duck import Source, quoted
from output_checking.domain.checks.evidence.gather import gather
from output_checking.domain.checks.evidence.sql import person_key
from output_checking.domain.checks.evidence.survey import refuse_unsound
from output_checking.domain.checks.finding import Finding, Weight
from output_checking.domain.checks.judging import judge_cells
from output_checking.domain.checks.kinds.design import Design, design, indicators, patterns, rank
from output_checking.domain.checks.kinds.part import Part, one_row, size_of
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.expression import Column, Every, Missing, Not, conjuncts
from output_checking.domain.checks.specification.model import Dimension, RegressionSpec, Statistic, TableSpec, Term

DEGREES, SATURATED, INDICATOR = "residual_degrees", "saturated_model", "indicator_of_few"
OUTCOME, SEPARATION, NESTED, RESIDUALS = "outcome_of_few", "same_outcome", "nested_models", "microdata"


def judge(source: Source, spec: RegressionSpec, appetite: Appetite) -> Part:
    """Return what was found in a model and in those given beside it."""
    missing, records = one_row(
        source, f"select count(*) - count({quoted(source.person)}), count(*) from {source.relation}"
    )
    refuse_unsound(source, records=records, missing=missing)
    models = [design(source, spec, terms) for terms in (spec.terms, *spec.nested)]
    count, persons = size_of(source, models[0].records)
    _refuse_odd(source, models)
    found: dict[tuple[str, str], Finding] = {}
    cells: tuple[JudgedCell, ...] = ()
    for terms, made in zip((spec.terms, *spec.nested), models, strict=True):
        for one in (*_outcome(source, spec, made, appetite), *_design(source, spec, made, appetite)):
            found.setdefault((one.rule, one.sentence), one)
        cells += tuple(_saturated(source, spec, terms, made=made, appetite=appetite))
    findings = [*found.values(), *_nested(source, models, appetite), *_residuals(spec)]
    return Part(cells=cells, findings=tuple(findings), records=count, persons=persons)


def _refuse_odd(source: Source, models: Sequence[Design]) -> None:
    for made in models:
        odd = " + ".join(
            f"count(*) filter (not isfinite({one}))"
            for one in ("y", *(f"d{place}" for place in range(len(made.columns))))
        )
        ((count,),) = source.rows(f"select {odd} from {made.records}")
        if count:
            raise CannotJudge(
                f"{count:,} values of the model's columns are infinite or NaN; declare them missing (null) first.",
                code="source.not_finite",
            )


def _outcome(source: Source, spec: RegressionSpec, made: Design, appetite: Appetite) -> Iterator[Finding]:
    if spec.model == "linear":
        return
    odd, some, none = one_row(
        source,
        f"select count(*) filter (y not in (0, 1)), count(distinct p) filter (y <> 0), count(distinct p) filter (y = 0) from {made.records}",
    )
    if odd and spec.model != "poisson":
        raise CannotJudge(f"The outcome of a {spec.model} model holds other values than 0 and 1.", code="source.event")
    counted = {"with the outcome": some, **({"without it": none} if spec.model == "logistic" else {})}
    for who, count in counted.items():
        if count < appetite.threshold:
            yield Finding(
                rule=OUTCOME,
                figures={"persons": count, "threshold": appetite.threshold},
                sentence=f"{count} persons {who}; at least {appetite.threshold} are needed.",
                learns="The model says of a few persons, or of all, what their outcome is.",
                remedy="Use a more frequent outcome, or more persons.",
            )


def _design(source: Source, spec: RegressionSpec, made: Design, appetite: Appetite) -> Iterator[Finding]:
    _, persons = size_of(source, made.records)
    columns = rank(source, made, constant=spec.constant and spec.model != "cox")
    if persons - columns < appetite.residual_degrees:
        yield Finding(
            rule=DEGREES,
            figures={
                "persons": persons,
                "rank": columns,
                "residual": persons - columns,
                "least": appetite.residual_degrees,
            },
            sentence=f"{persons} persons and {columns} coefficients leave {persons - columns} degrees of freedom; at least {appetite.residual_degrees} are needed.",
            learns="With so few degrees left, the coefficients are nearly the values of the persons.",
            remedy="Use fewer terms, or more persons.",
        )
    for one in indicators(source, made):
        few = min(one.ones, one.zeros)
        if few < appetite.threshold:
            yield Finding(
                rule=INDICATOR,
                figures={"column": one.name, "ones": one.ones, "zeros": one.zeros, "threshold": appetite.threshold},
                sentence=f"'{one.name}' singles out {few} persons; at least {appetite.threshold} are needed on each side.",
                learns="The constant and its coefficient together are the value of those persons, exactly for one person.",
                remedy="Merge levels, or leave the column out.",
            )
        elif one.is_same and spec.model != "cox":
            yield Finding(
                rule=SEPARATION,
                figures={"column": one.name, "ones": one.ones, "zeros": one.zeros},
                sentence=f"On one side of '{one.name}' all persons have the same outcome.",
                learns="The outcome of everybody on that side.",
                remedy="Merge levels, or leave the column out.",
            )


def _saturated(
    source: Source, spec: RegressionSpec, terms: Sequence[Term], *, made: Design, appetite: Appetite
) -> Iterator[JudgedCell]:
    """Yield the cells of the table that a saturated model is: one mean for each row of its design."""
    several, fewest = patterns(source, made)
    if several > rank(source, made, constant=spec.constant or spec.model == "cox"):
        return
    names = sorted({column for term in terms for column in term.columns})
    outcome = spec.event or spec.outcome
    needed = [Not(Missing(Column(one))) for one in (*names, outcome)]
    table = TableSpec(
        chosen=Every((*needed, *(conjuncts(spec.chosen) if spec.chosen else ()))),
        rows=tuple(Dimension(column=one) for one in names),
        statistic=Statistic.MEAN,
        measure=outcome,
    )
    told = Finding(
        rule=SATURATED,
        weight=Weight.NOTE if fewest >= appetite.threshold else Weight.UNSAFE,
        figures={"patterns": several, "fewest_persons": fewest, "threshold": appetite.threshold},
        sentence="The model has a coefficient for each combination of its columns: it is a table of means, and judged as one.",
        learns="The mean of each combination, exactly.",
        remedy="Leave out interactions, or merge levels.",
    )
    for one in judge_cells(gather(source, table, appetite), table, appetite):
        if one.cell.persons:
            yield JudgedCell(
                cell=one.cell, findings=(*(found for found in one.findings if found.rule != "class_disclosure"), told)
            )


def _nested(source: Source, models: Sequence[Design], appetite: Appetite) -> Iterator[Finding]:
    """Yield findings on two models fitted to nearly the same persons: what a few have missing shows in the difference."""
    key = person_key(source)
    for (left, one), (right, other) in combinations(enumerate(models), 2):
        first, second = (
            f"select distinct {key} as p from {source.relation} where {made.complete}" for made in (one, other)
        )
        for several, fewer in ((first, second), (second, first)):
            ((count,),) = source.rows(f"select count(*) from (({several}) except ({fewer}))")
            if 0 < count < appetite.threshold:
                yield Finding(
                    rule=NESTED,
                    figures={
                        "models": f"{left + 1} and {right + 1}",
                        "persons": count,
                        "threshold": appetite.threshold,
                    },
                    sentence=f"Models {left + 1} and {right + 1} differ by {count} persons; at least {appetite.threshold} are needed.",
                    learns="The difference of the two models is about those persons alone.",
                    remedy="Fit all models to the records that are complete for all of them.",
                )


def _residuals(spec: RegressionSpec) -> Iterator[Finding]:
    if spec.residuals:
        yield Finding(
            rule=RESIDUALS,
            figures={},
            sentence="Residuals or fitted values are microdata: one for each record.",
            learns="With the coefficients, the outcome of each record, exactly.",
            remedy="Leave them out; show a summary in bands.",
        )
