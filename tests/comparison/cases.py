"""Owns the records, our specification and acro's call of each compared case. Must never run either."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One output, asked of both.

    Args:
        error: its number in the list of errors found in acro 1.0.2.
        columns: the records; `who` says whose, else each is a person of their own.
        spec: ours.
        acro: the same in acro, on the frame `df` with the session `session`.
        right: the verdict that the formula gives.
        why: the formula with its figures.
        appetite: what differs from the default.
    """

    error: int
    name: str
    columns: Columns
    spec: Mapping[str, Any]
    acro: str
    right: str
    why: str
    appetite: Mapping[str, Any] = field(default_factory=dict)


# 40 different values without one that stands out
EVEN = [100.0 + place * 7 % 41 for place in range(40)]
ONE_LARGE = [*EVEN[:39], 100_000.0]
TWO_ROWS = ["a"] * 40 + ["b"] * 40


def _two(first: Sequence[Any], second: Sequence[Any] = EVEN) -> Columns:
    return {"r": ["a"] * len(first) + ["b"] * len(second), "x": [*first, *second]}


def _by_row(statistic: str, **more: Any) -> dict[str, Any]:
    return {"rows": ["r"], "statistic": statistic, "measure": "x", **more}


def _pivot(function: str) -> str:
    return f"session.pivot_table(df, index=['r'], values=['x'], aggfunc={function})"


_SINGLE: Columns = {"r": ["a"] * 40 + ["b"], "x": [*EVEN, 7.0]}
_SIDES: Columns = {"r": ["a"] * 50 + ["b"] * 50, "c": ["yes"] * 50 + ["yes", "no"] * 25}
_LOGICAL: Columns = {"r": ["a", "b"] * 100, "c": ["c", "c", "d", "d"] * 50}
_LIFE: Columns = {
    "t": [*([4.0] * 12), *([9.0] * 8), *([15.0] * 15), *([30.0] * 84), 99.0],
    "e": [1] * 35 + [0] * 84 + [1],
}
_MODEL: Columns = {"y": [*EVEN, 5000.0], "z": [float(one % 13) for one in range(41)], "d": [0] * 40 + [1]}

CASES = (
    Case(error=1, name="own function, one person in a cell", columns=_SINGLE, spec=_by_row("first of each"),
         acro="session.crosstab(df.r, one, values=df.x, aggfunc=lambda s: s.max())", right="unsafe", why="0 < N = 1 < 10"),
    Case(error=1, name="own function, large cells", columns=_two(EVEN), spec=_by_row("first of each"),
         acro="session.crosstab(df.r, one, values=df.x, aggfunc=lambda s: s.max())", right="review", why="what the function returns is not known"),
    Case(error=2, name="maximum with one dominating value", columns=_two(ONE_LARGE), spec=_by_row("max"), acro=_pivot("'max'"),
         right="unsafe", why="1 person has the maximum: 0 < 1 < 10"),
    Case(error=2, name="minimum that one person has", columns=_two([*EVEN, 1.0]), spec=_by_row("min"), acro=_pivot("'min'"),
         right="unsafe", why="1 person has the minimum: 0 < 1 < 10"),
    Case(error=2, name="standard deviation with one dominating value", columns=_two(ONE_LARGE), spec=_by_row("std"), acro=_pivot("'std'"),
         right="unsafe", why="(100000 + 140) / 104,680 > 90 %"),
    Case(error=2, name="median of 12 values", columns=_two(EVEN[:12]), spec=_by_row("median"), acro=_pivot("'median'"),
         right="unsafe", why="6 persons on each side: 6 < 10"),
    Case(error=2, name="mode of cells of 3", columns=_two([1.0, 1.0, 2.0]), spec=_by_row("mode"), acro=_pivot("'mode'"),
         right="unsafe", why="0 < N = 3 < 10, and 2 have the mode"),
    Case(error=2, name="a mean of 103 equal values", columns=_two([7.0] * 103), spec=_by_row("mean"), acro=_pivot("'mean'"),
         right="unsafe", why="min = max = 7"),
    Case(error=5, name="60 records of one person", columns={"who": [1] * 60 + [*range(2, 42)], "r": ["a"] * 60 + ["b"] * 40}, spec={"rows": ["r"]},
         acro="session.crosstab(df.r, one)", right="unsafe", why="60 records, N = 1: 0 < 1 < 10"),
    Case(error=5, name="a mean of 3 values among 40 persons", columns=_two([5.0, 6.0, 7.0, *[None] * 37]), spec=_by_row("mean"), acro="session.crosstab(df.r, one, values=df.x, aggfunc='mean')",
         right="unsafe", why="3 persons have a value: 0 < 3 < 10"),
    Case(error=6, name="one negative value, another cell dominated", columns=_two(ONE_LARGE, [-5.0, *EVEN]), spec=_by_row("sum"), acro=_pivot("'sum'"),
         right="unsafe", why="cell a: (100000 + 140) / 104,680 > 90 %, whatever cell b holds"),
    Case(error=7, name="a row of which all are in one cell", columns=_SIDES, spec={"rows": ["r"], "columns": ["c"]}, acro="session.crosstab(df.r, df.c)",
         right="unsafe", why="a, yes: N = M = 50; a, no: N = 0"),
    Case(error=7, name="the same, the empty cell structural", columns=_SIDES, spec={"rows": ["r"], "columns": ["c"]},
         acro="session.config.update(zeros_are_disclosive=False); session.crosstab(df.r, df.c)",
         right="safe", why="nobody can be in (a, no): no finding", appetite={"empty_cells": "structural"}),
    Case(error=8, name="shares of large cells", columns=_LOGICAL, spec={"rows": ["r"], "columns": ["c"], "normalize": "row"},
         acro="session.crosstab(df.r, df.c, normalize='index')", right="safe", why="each cell has 50 persons behind its share of 0.5"),
    Case(error=8, name="shares with a cell of 3", columns={"r": ["a"] * 100 + ["b"] * 100, "c": ["c"] * 97 + ["d"] * 3 + ["c", "d"] * 50},
         spec={"rows": ["r"], "columns": ["c"], "normalize": "all"}, acro="session.crosstab(df.r, df.c, normalize='all')", right="unsafe", why="0 < N = 3 < 10"),
    Case(error=9, name="a histogram with an empty bin, emptiness known", columns={"x": [5.0] * 30 + [25.0] * 40},
         spec={"kind": "histogram", "measure": "x", "bins": [0, 10, 20, 30]},
         acro="session.config.update(zeros_are_disclosive=False); session.hist(df, 'x', bins=[0, 10, 20, 30])",
         right="safe", why="30, 0 and 40 persons; 0 is known", appetite={"empty_cells": "known"}),
    Case(error=9, name="a histogram from minimum to maximum", columns={"x": EVEN * 3 + [1.0, 400.0]}, spec={"kind": "histogram", "measure": "x", "bins": 1},
         acro="session.hist(df, 'x', bins=1)", right="unsafe", why="the edges 1 and 400 are one person's value each"),
    Case(error=10, name="a survival curve at chosen times", columns=_LIFE, spec={"kind": "survival", "time": "t", "event": "e", "times": [10, 20]},
         acro="import statsmodels.api as sm; session.surv_func(df.t, df.e, output='table')", right="safe", why="20 and 15 events; 120 and 100 at risk"),
    Case(error=10, name="a survival curve with every event", columns=_LIFE, spec={"kind": "survival", "time": "t", "event": "e"},
         acro="session.surv_func(df.t, df.e, output='plot')", right="unsafe", why="8 events at 9, 1 event at 99: 0 < 1 < 10"),
    Case(error=11, name="a model with an indicator for one person", columns=_MODEL,
         spec={"kind": "regression", "model": "linear", "outcome": "y", "terms": ["z", "d"]},
         acro="session.ols(df.y, df[['z', 'd']].assign(const=1.0))", right="unsafe", why="1 person has d = 1: 0 < 1 < 10"),
    Case(error=12, name="a 90th percentile of 200", columns=_two(EVEN * 5, EVEN * 5), spec=_by_row("quantile", quantile=0.9),
         acro="session.pivot_table(df, index=['r'], values=['x'], aggfunc=lambda s: s.quantile(0.9))", right="safe", why="at least 20 of 200 at or above"),
    Case(error=12, name="variance", columns=_two(EVEN), spec=_by_row("var"), acro=_pivot("'var'"), right="safe", why="40 persons, none dominates"),
    *(Case(error=12, name=f"{name}, not known to the engine", columns=_two(EVEN), spec=_by_row(name), acro=_pivot(f"'{name}'"), right="review",
           why="never safe: what it tells is not known") for name in ("sem", "nunique", "first", "size", "skew", "prod")),
    Case(error=13, name="the threshold set to 0 by whoever asks", columns=_two(EVEN[:3]), spec=_by_row("mean", appetite={"threshold": 1}),
         acro="session.config['safe_threshold'] = 0; " + _pivot("'mean'"), right="not judged", why="a specification may only be stricter: 1 < 10 is refused"),
)  # fmt: skip
