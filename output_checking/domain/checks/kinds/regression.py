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
from output_checking.domain.checks.kinds.design import RECORDS, Design, design
from output_checking.domain.checks.kinds.part import Part, chosen_records, one_row
from output_checking.domain.checks.kinds.rare import rare
from output_checking.domain.checks.kinds.singled import patterns, put_together, separating, sides
from output_checking.domain.checks.kinds.span import Span, own_shares, span_of
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.rules.rule import people
from output_checking.domain.checks.specification.expression import Column, Every, Missing, Not, conjuncts
from output_checking.domain.checks.specification.model import Dimension, RegressionSpec, Statistic, TableSpec, Term

DEGREES, SATURATED, INDICATOR = "residual_degrees", "saturated_model", "indicator_of_few"
OUTCOME, SEPARATION, NESTED, RESIDUALS = "outcome_of_few", "same_outcome", "nested_models", "microdata"
EXACT = "exact_fit"
NO_REST = 1e-10  # share of the variation that rounding leaves
NEARLY = 1e-6


def judge(source: Source, spec: RegressionSpec, appetite: Appetite) -> Part:
    """Return what was found in a model and in those given beside it."""
    missing, records = one_row(
        source, f"select count(*) - count({quoted(source.person)}), count(*) from {source.relation}"
    )
    refuse_unsound(source, records=records, missing=missing)
    _refuse_odd_times(source, spec)
    found: dict[tuple[str, str], Finding] = {}
    cells: tuple[JudgedCell, ...] = ()
    models: list[Design] = []
    for terms in (spec.terms, *spec.nested):
        made = design(source, spec, terms)
        models.append(made)
        spanned = span_of(source, made)
        for one in (
            *_outcome(source, spec, appetite),
            *_design(source, spec, made, spanned=spanned, appetite=appetite),
        ):
            found.setdefault((one.rule, one.sentence), one)
        cells += tuple(_saturated(source, spec, terms, made=made, spanned=spanned, appetite=appetite))
    findings = [*found.values(), *_nested(source, models, appetite), *_residuals(spec)]
    return Part(cells=cells, findings=tuple(findings), records=models[0].records, persons=models[0].persons)


def _refuse_odd_times(source: Source, spec: RegressionSpec) -> None:
    if spec.event:
        chosen_records(source, spec, {"t": spec.outcome})


def _outcome(source: Source, spec: RegressionSpec, appetite: Appetite) -> Iterator[Finding]:
    odd, some, none = one_row(
        source,
        f"select count(*) filter (y not in (0, 1)), count(distinct p) filter (y <> 0), count(distinct p) filter (y = 0) from {RECORDS}",
    )
    if odd and spec.model == "linear":
        return
    if odd and spec.model != "poisson":
        raise CannotJudge(f"The outcome of a {spec.model} model holds other values than 0 and 1.", code="source.event")
    counted = {"with the outcome": some, **({"without it": none} if spec.model in {"linear", "logistic"} else {})}
    for who, count in counted.items():
        if count < appetite.threshold:
            yield Finding(
                rule=OUTCOME,
                figures={"persons": count, "threshold": appetite.threshold},
                sentence=f"{count} persons {who}; at least {appetite.threshold} are needed.",
                learns="The model says of a few persons, or of all, what their outcome is.",
                remedy="Use a more frequent outcome, or more persons.",
            )


def _design(
    source: Source, spec: RegressionSpec, made: Design, *, spanned: Span, appetite: Appetite
) -> Iterator[Finding]:
    yield from _degrees(spec, made, spanned, appetite)
    yield from _exact(source, spec, made, spanned=spanned)
    few = 0
    for one in (
        *sides(source, made),
        *rare(source, made, least=appetite.threshold),
        *put_together(source, made, spanned.crossed),
    ):
        if one.persons < appetite.threshold:
            few += 1
            yield Finding(
                rule=INDICATOR,
                figures={
                    "column": one.name,
                    "persons": one.persons,
                    "others": one.others,
                    "threshold": appetite.threshold,
                },
                sentence=f"'{one.name}' singles out {people(one.persons)}; at least {appetite.threshold} are needed on each side.",
                learns="The constant and its coefficient together are the value of those persons, exactly for one person.",
                remedy="Merge levels, or leave the column out.",
            )
        elif one.is_same and spec.model != "cox":
            yield Finding(
                rule=SEPARATION,
                figures={"column": one.name, "persons": one.persons, "others": one.others},
                sentence=f"On one side of '{one.name}' all {people(one.persons)} have the same outcome.",
                learns="The outcome of everybody on that side.",
                remedy="Merge levels, or leave the column out.",
            )
    for name in separating(source, made) if spec.model == "logistic" else ():
        yield Finding(
            rule=SEPARATION,
            figures={"column": name, "persons": made.persons},
            sentence=f"All on one side of some value of '{name}' have the outcome, and all on the other have not.",
            learns="The outcome of everybody whose value of it is known.",
            remedy="Leave the column out, or use it in a few bands.",
        )
    if not few:
        yield from _own_values(source, made, spanned, appetite)


def _degrees(spec: RegressionSpec, made: Design, spanned: Span, appetite: Appetite) -> Iterator[Finding]:
    rank = spanned.rank - (spec.model == "cox")  # which has no constant
    left = made.persons - rank
    if left < appetite.residual_degrees:
        yield Finding(
            rule=DEGREES,
            figures={"persons": made.persons, "rank": rank, "residual": left, "least": appetite.residual_degrees},
            sentence=f"{made.persons} persons and {rank} coefficients leave {left} degrees of freedom; at least {appetite.residual_degrees} are needed.",
            learns="With so few degrees left, the coefficients are nearly the values of the persons.",
            remedy="Use fewer terms, or more persons.",
        )


def _exact(source: Source, spec: RegressionSpec, made: Design, *, spanned: Span) -> Iterator[Finding]:
    """Yield a finding where the terms give the outcome of everybody, without a rest."""
    (is_same,) = one_row(source, f"select min(y) = max(y) from {RECORDS}")
    if spec.model == "cox" or not (is_same or (spec.model != "poisson" and spanned.unexplained < NO_REST)):
        return
    yield Finding(
        rule=EXACT,
        figures={"persons": made.persons, "unexplained": round(spanned.unexplained, 12)},
        sentence=f"{'All outcomes are equal' if is_same else 'The terms give each outcome exactly'}: nothing is left that the model does not explain.",
        learns="The outcome of everybody whose terms are known, exactly.",
        remedy="Leave out the terms that the outcome is made from, or choose another outcome.",
    )


def _own_values(source: Source, made: Design, spanned: Span, appetite: Appetite) -> Iterator[Finding]:
    """Yield a finding on persons whose fitted value is their own outcome, and one on those of whom it nearly is."""
    shares = own_shares(source, made, spanned, least=appetite.dominance_share)
    exact = [one for one in shares if one > 1 - NEARLY]
    if exact:
        yield Finding(
            rule=INDICATOR,
            figures={"persons": len(exact), "share": 1.0},
            sentence=f"The columns together single out {people(len(exact))}, each by themselves: the fitted value is their own outcome.",
            learns="The outcome of those persons, exactly, by anybody who knows their terms.",
            remedy="Leave out terms, or merge levels, until no person stands alone.",
        )
    elif shares:
        yield Finding(
            rule=INDICATOR,
            weight=Weight.REVIEW,
            figures={"persons": len(shares), "share": round(shares[0], 6), "k": appetite.dominance_share},
            sentence=f"The fitted value of {people(len(shares))} is by {shares[0]:.1%} their own outcome.",
            learns="The outcome of somebody with extreme terms, nearly, by anybody who knows these.",
            remedy="Cap the extreme values, or take their logarithm.",
        )


def _saturated(
    source: Source, spec: RegressionSpec, terms: Sequence[Term], *, made: Design, spanned: Span, appetite: Appetite
) -> Iterator[JudgedCell]:
    """Yield the cells of the table that a saturated model is: one mean for each row of its design."""
    found = patterns(source, made, most=spanned.rank)
    if found is None:
        return
    several, fewest = found
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
        for several, fewer in ((one, other), (other, one)):
            (count,) = one_row(
                source,
                f"select count(distinct {key}) from {source.relation} where {several.complete} and not coalesce({fewer.complete}, false)",
            )
            if 0 < count < appetite.threshold:
                yield Finding(
                    rule=NESTED,
                    figures={
                        "models": f"{left + 1} and {right + 1}",
                        "persons": count,
                        "threshold": appetite.threshold,
                    },
                    sentence=f"Models {left + 1} and {right + 1} differ by records of {people(count)}; at least {appetite.threshold} are needed.",
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
