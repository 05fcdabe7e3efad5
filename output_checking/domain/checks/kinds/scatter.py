"""Owns the judging of a scatter plot: it is microdata, one point for each record.

Source: OpenSAFELY and ACRO's guidance: scatter plots show individual records.
"""

from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.finding import Finding, Weight
from output_checking.domain.checks.kinds.part import Part, chosen_records, one_row, size_of
from output_checking.domain.checks.specification.model import ScatterSpec

RULE = "microdata"


def judge(source: Source, spec: ScatterSpec, appetite: Appetite) -> Part:
    """Return what was found in a scatter plot: unsafe, unless every point is many persons; then for a person to look at."""
    records = chosen_records(source, spec, {"x": spec.x, "y": spec.y})
    count, persons = size_of(source, records)
    points, few, fewest = one_row(
        source,
        f"select count(*), count(*) filter (n < {appetite.threshold}), min(n) from "
        f"(select count(distinct p) as n from {records} group by x, y)",
    )
    found = Finding(
        rule=RULE,
        weight=Weight.UNSAFE if few else Weight.REVIEW,
        figures={"points": points, "points_of_few": few, "fewest_persons": fewest, "threshold": appetite.threshold},
        sentence=f"A scatter plot is microdata: of {points:,} points, {few:,} stand for fewer than {appetite.threshold} persons.",
        learns="Two exact values of single persons, side by side.",
        remedy="Show a table of counts in bands, a heat map with enough persons in each field, or a fitted line.",
    )
    return Part(cells=(), findings=(found,), records=count, persons=persons)
