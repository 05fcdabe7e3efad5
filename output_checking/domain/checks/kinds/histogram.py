"""Owns the judging of a histogram: as the table of its bins, and by whether its outer edges are somebody's value.

Source: OpenSAFELY (bins under the threshold; edges that are minimum and maximum); statbarns class 'Position'.
"""

from collections.abc import Iterator
from dataclasses import replace

from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.evidence.gather import gather
from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.judging import judge_cells
from output_checking.domain.checks.kinds.bins import names_of, table_of
from output_checking.domain.checks.kinds.part import Part, chosen_records, one_row, refuse_empty, size_of
from output_checking.domain.checks.rules import all_the_same
from output_checking.domain.checks.rules.rule import people
from output_checking.domain.checks.specification.model import HistogramSpec

RULE = "histogram_edges"


def judge(source: Source, spec: HistogramSpec, appetite: Appetite) -> Part:
    """Return what was found in a histogram."""
    records = chosen_records(source, spec, {"x": spec.measure})
    count, persons = size_of(source, records)
    low, high, lowest, highest = one_row(
        source,
        f"with r as (select * from {records}), e as (select min(x) as lo, max(x) as hi from r) "
        "select any_value(lo), any_value(hi), count(distinct p) filter (x = lo), count(distinct p) filter (x = hi) from r, e",
    )
    edges = spec.edges or tuple(_equal(low, high, spec.bins))
    found = [
        *_same(low, high, spec, persons=persons),
        *_edge("lower", edges[0], low, holders=lowest, appetite=appetite),
        *_edge("upper", edges[-1], high, holders=highest, appetite=appetite),
    ]
    table = table_of(spec, edges)
    cells = judge_cells(gather(source, table, appetite), table, appetite)
    named = names_of(edges)
    shown = tuple(
        replace(one, cell=replace(one.cell, column=(named[place % len(named)],))) for place, one in enumerate(cells)
    )
    refuse_empty(cells)
    return Part(cells=shown, findings=tuple(found), records=count, persons=persons)


def _equal(low: float, high: float, bins: int) -> Iterator[float]:
    # as numpy does: a single value gets a bin of width 1 around it
    start, end = (low - 0.5, high + 0.5) if low == high else (low, high)
    yield from (start + (end - start) * place / bins for place in range(bins))
    yield end


def _same(low: float, high: float, spec: HistogramSpec, *, persons: int) -> Iterator[Finding]:
    # edges that are made from one value lie around it
    if low == high and not spec.edges:
        yield Finding(
            rule=all_the_same.RULE.id,
            figures={"persons": persons},
            sentence=f"All {people(persons)} have the same value, and the edges lie around it.",
            learns="The value of each of them, exactly.",
            remedy="Give edges of your own, or leave the histogram out.",
        )


def _edge(side: str, edge: float, extreme: float, *, holders: int, appetite: Appetite) -> Iterator[Finding]:
    if edge == extreme and holders < appetite.threshold:
        yield Finding(
            rule=RULE,
            figures={"side": side, "holders": holders, "threshold": appetite.threshold},
            sentence=f"The {side} edge is the {'least' if side == 'lower' else 'greatest'} value, which {holders} of the persons have.",
            learns="The extreme value of one or a few persons, exactly.",
            remedy="Give edges of your own, such as round numbers, and an open last bin.",
        )
