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
        earlier: specifications of what was released before, on the same records.
        files: by name, handed in as they are instead of a specified output.
    """

    error: int
    name: str
    columns: Columns
    spec: Mapping[str, Any]
    acro: str
    right: str
    why: str
    appetite: Mapping[str, Any] = field(default_factory=dict)
    earlier: Sequence[Mapping[str, Any]] = ()
    files: Mapping[str, str] = field(default_factory=dict)


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

# one of the 40 of row a is not in the study, and 15 of the 40 of row b are not from the city
_NESTED: Columns = {
    "r": TWO_ROWS,
    "x": [*EVEN, *EVEN],
    "study": [0] + [1] * 79,
    "city": [1] * 40 + [0] * 15 + [1] * 25,
    "age": [20 + place % 40 for place in range(80)],
}
_HIDDEN: Columns = {"r": ["a"] * 46 + ["b"] * 60, "c": ["c"] * 31 + ["d"] * 3 + ["e"] * 12 + ["c", "d", "e"] * 20}
_ROWS = "name,nhs_number,value\nAnn Example,943 476 5919,3\nBob Example,943 476 5870,4\n"


def _hidden(*cells: tuple[str, str]) -> dict[str, Any]:
    return {
        "rows": ["r"],
        "columns": ["c"],
        "suppressed": [{"row": [row], "column": [column]} for row, column in cells],
    }


_SUPPRESSED = (
    "session.suppress = True; session.crosstab(df.r, df.c); session.suppress = False; session.crosstab(df.r, one)"
)

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
    Case(error=3, name="the same counts of all and of all but one", columns=_NESTED, earlier=[{"rows": ["r"]}], spec={"rows": ["r"], "filter": "study = 1"},
         acro="session.crosstab(df.r, one); part = df[df.study == 1]; session.crosstab(part.r, one[df.study == 1])", right="unsafe", why="row a: 40 − 39 = 1, 0 < 1 < 10"),
    Case(error=3, name="the same means of all and of all but one", columns=_NESTED, earlier=[_by_row("mean")], spec=_by_row("mean", filter="study = 1"),
         acro="; df = df[df.study == 1]; ".join([_pivot("'mean'")] * 2), right="unsafe", why="row a: 40 − 39 = 1, 0 < 1 < 10"),
    Case(error=3, name="all, those under 40, and those of 41 and over", columns=_NESTED, earlier=[{}, {"filter": "age < 40"}], spec={"filter": "age >= 41"},
         acro="; ".join(f"part = df[{some}]; session.crosstab(part.r, one[{some}])" for some in ("df.age > 0", "df.age < 40", "df.age >= 41")),
         right="unsafe", why="80 − 40 − 38 = 2 persons of 40, 0 < 2 < 10"),
    Case(error=3, name="the same counts of all and of those from the city", columns=_NESTED, earlier=[{"rows": ["r"]}], spec={"rows": ["r"], "filter": "city = 1"},
         acro="session.crosstab(df.r, one); part = df[df.city == 1]; session.crosstab(part.r, one[df.city == 1])", right="safe", why="row b: 40 − 25 = 15 ≥ 10; row a: 40 − 40 = 0, nobody"),
    Case(error=4, name="one hidden cell, then the totals of the rows", columns=_HIDDEN, earlier=[_hidden(("a", "d"))], spec={"rows": ["r"]},
         acro=_SUPPRESSED, right="unsafe", why="46 − 31 − 12 = 3, the hidden cell: 0 < 3 < 10"),
    Case(error=4, name="the same with a second cell of the row hidden", columns=_HIDDEN, earlier=[_hidden(("a", "d"), ("a", "e"))], spec={"rows": ["r"]},
         acro=_SUPPRESSED, right="safe", why="46 − 31 = 15 in two hidden cells, 15 ≥ 10; neither is known"),
    Case(error=4, name="one hidden cell beside its own totals", columns=_HIDDEN, spec={**_hidden(("a", "d")), "margins": True},
         acro="session.suppress = True; session.crosstab(df.r, df.c, margins=True)", right="unsafe", why="46 − 31 − 12 = 3 from the row's total of all 46"),
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
    Case(error=14, name="a file of one row for each person, with NHS numbers", columns={"x": [1]}, spec={}, files={"rows.csv": _ROWS},
         acro="session.custom_output('rows.csv')", right="blocked", why="943 476 5919: 11 − 299 mod 11 = 9, the last digit: an NHS number"),
    Case(error=14, name="two files of one name", columns={"x": [1]}, spec={}, files={"t.csv": "n\n40\n", "T.csv": "n\n50\n"},
         acro="import os; os.mkdir('b'); os.rename('T.csv', 'b/t.csv'); session.custom_output('t.csv'); session.custom_output('b/t.csv'); session.finalise('out')",
         right="refused", why="one would take the other's place"),
    Case(error=14, name="a name that leads out of the folder", columns={"x": [1]}, spec={}, files={"../x.csv": "n\n40\n"},
         acro="session.crosstab(one, one); session.rename_output('output_0', '../x'); session.finalise('out')", right="refused", why="a name holds neither a separator nor '..'"),
)  # fmt: skip
