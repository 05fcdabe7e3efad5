"""Owns the one pass over the records: of each only who, which cell and how much is kept, in DuckDB. Must never judge them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.evidence.duck import Columns, Source
from output_checking.domain.checks.evidence.folding import Whole
from output_checking.domain.checks.evidence.layout import Layout
from output_checking.domain.checks.evidence.sql import condition, person_key
from output_checking.domain.checks.evidence.survey import Survey, is_numeric
from output_checking.domain.checks.evidence.tallies import Held, Tally
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import TableSpec

KEPT = "oc_kept"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What was kept.

    Args:
        records: how many.
        tally: of each cell.
        indicators: the quantities of which every value is 0 or 1.
    """

    records: int
    tally: Tally
    indicators: frozenset[str]


def keep(source: Source, spec: TableSpec, layout: Layout, surveyed: Survey) -> Kept:
    """Keep who (`p`), which cell (`c`) and how much (`x`, `y`, weight `w`) of each record of a table.

    A record of weight 0 is not in a weighted table: it adds nothing to it, and its person hides nobody.

    Raises:
        CannotJudge: `source.not_finite`, `source.weights`.
    """
    named = surveyed.quantities | ({"w": surveyed.weight} if surveyed.weight else {})
    amounts = [f"{expression} as {name}" for name, expression in named.items()]
    selected = ", ".join([f"{person_key(source)} as p", f"{layout.code} as c", *amounts])
    weighs = " and (w is null or w <> 0)" if surveyed.weight else ""
    ((records,),) = source.rows(
        f"create or replace temp table {KEPT} as select * from (select {selected} "
        f"from {source.relation} {layout.joins} where {condition(spec.chosen, source)}) where c is not null{weighs}"
    )
    cells, held = _tally(source, layout, named)
    numeric = [name for name, expression in named.items() if is_numeric(expression)]
    _refuse_odd(source, numeric, held)
    if surveyed.weight:
        _refuse_weights(source, held["w"], cells)
    return Kept(
        records=int(records),
        tally=Tally(
            records=cells,
            weight=held["w"].weight if surveyed.weight else cells.astype(np.float64),
            held={name: held[name] for name in surveyed.quantities},
        ),
        indicators=frozenset(name for name in numeric if _is_indicator(source, name, held[name])),
    )


def _tally(source: Source, layout: Layout, named: Mapping[str, str]) -> tuple[Whole, dict[str, Held]]:
    parts = ["c, count(*) as n", *(_parts(name, named) for name in named)]
    found = source.columns(f"select {', '.join(parts)} from {KEPT} group by c")
    held = {name: _held(found, name, layout.size) for name in named}
    return _placed(found, "n", layout.size).astype(np.int64), held


def _parts(name: str, named: Mapping[str, str]) -> str:
    # of texts only whether they differ is asked, in a cell and in a total: a number for each text tells it
    value = name if is_numeric(named[name]) else f"cast(case when {name} is not null then hash({name}) end as double)"
    low, high = f"min({value})", f"max({value})"
    weight = f"sum(w) filter ({name} is not null)" if "w" in named else f"cast(count({name}) as double)"
    return f"count({name}) as {name}n, {low} as {name}l, {high} as {name}h, {weight} as {name}w"


def _held(found: Columns, name: str, size: int) -> Held:
    return Held(
        records=_placed(found, f"{name}n", size).astype(np.int64),
        low=_placed(found, f"{name}l", size, absent=np.nan),
        high=_placed(found, f"{name}h", size, absent=np.nan),
        weight=_placed(found, f"{name}w", size),
    )


def _placed(found: Columns, name: str, size: int, *, absent: float = 0.0) -> NDArray[np.float64]:
    places = np.full(size, absent)
    places[found["c"]] = np.ma.filled(found[name].astype(np.float64), absent)
    return places


def _refuse_odd(source: Source, names: list[str], found: Mapping[str, Held]) -> None:
    # to DuckDB NaN is above all numbers: least and greatest tell whether there is one
    if not all(np.isfinite([one.low, one.high])[:, one.records > 0].all() for one in (found[name] for name in names)):
        counts = " + ".join(f"count(*) filter (not isfinite({name}))" for name in names)
        ((odd,),) = source.rows(f"select {counts} from {KEPT}")
        raise CannotJudge(
            f"{odd:,} values of the measure, denominator or weight are infinite or NaN; declare them missing (null) first.",
            code="source.not_finite",
        )


def _refuse_weights(source: Source, weight: Held, records: Whole) -> None:
    if (weight.records < records).any() or (weight.low < 0).any():
        ((odd,),) = source.rows(f"select count(*) from {KEPT} where w is null or w < 0")
        raise CannotJudge(f"{odd:,} records have no weight or a negative one.", code="source.weights")


def _is_indicator(source: Source, name: str, held: Held) -> bool:
    if (held.low < 0).any() or (held.high > 1).any():
        return False
    return not source.rows(f"select 1 from {KEPT} where {name} not in (0, 1) limit 1")
