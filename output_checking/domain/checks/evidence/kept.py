"""Owns the one pass over the records: of each only who, which cell and how much is kept, in DuckDB. Must never judge them."""

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.evidence.layout import Layout
from output_checking.domain.checks.evidence.sql import condition, person_key
from output_checking.domain.checks.evidence.survey import Survey, is_numeric
from output_checking.domain.checks.evidence.tallies import Held, Tally
from output_checking.domain.checks.specification.model import TableSpec

KEPT = "oc_kept"


def keep(source: Source, spec: TableSpec, layout: Layout, surveyed: Survey) -> int:
    """Keep who (`p`), which cell (`c`) and how much (`x`, `y`, weight `w`) of each record of a table; return how many there are."""
    named = [f"{expression} as {name}" for name, expression in surveyed.quantities.items()]
    weight = [f"{surveyed.weight} as w"] if surveyed.weight else []
    selected = ", ".join([f"{person_key(source)} as p", f"{layout.code} as c", *named, *weight])
    ((records,),) = source.rows(
        f"create or replace temp table {KEPT} as select * from (select {selected} "
        f"from {source.relation} {layout.joins} where {condition(spec.chosen, source)}) where c is not null"
    )
    return int(records)


def tally(source: Source, layout: Layout, surveyed: Survey) -> Tally:
    """Return what the records of each cell hold."""
    parts = [f"c, count(*) as n, {'sum(w)' if surveyed.weight else 'cast(count(*) as double)'} as w"]
    for name, expression in surveyed.quantities.items():
        ends = f"min({name}) as {name}l, max({name}) as {name}h"
        if not is_numeric(expression):
            ends = f"cast(null as double) as {name}l, cast(null as double) as {name}h"
        weight = f"sum(w) filter ({name} is not null)" if surveyed.weight else f"cast(count({name}) as double)"
        parts.append(f"count({name}) as {name}n, {ends}, {weight} as {name}w")
    found = source.columns(f"select {', '.join(parts)} from {KEPT} group by c")
    cells = found["c"].astype(np.int64)

    def placed(name: str) -> NDArray[np.float64]:
        places = np.full(layout.size, np.nan)
        places[cells] = np.ma.filled(found[name].astype(np.float64), np.nan)
        return places

    def number(name: str) -> NDArray[np.float64]:
        return np.nan_to_num(placed(name))

    return Tally(
        records=number("n").astype(np.int64),
        weight=number("w"),
        held={
            name: Held(
                records=number(f"{name}n").astype(np.int64),
                low=placed(f"{name}l"),
                high=placed(f"{name}h"),
                weight=number(f"{name}w"),
            )
            for name in surveyed.quantities
        },
    )
