"""Owns the worked examples of the rules on whole outputs; each is given to the engine as it stands by the tests.

Those of models and curves stand in `examples_of_models`. Must never be told otherwise than it is judged.
"""

from collections.abc import Sequence
from typing import Any

from output_checking.domain.checks.rules.catalogue import Told
from output_checking.domain.checks.rules.examples_of_models import MODELS
from output_checking.domain.checks.rules.rule import Rule, Vector
from output_checking.domain.checks.rules.worked import Example, split, spread


def _shown(count: int, **spec: Any) -> dict[str, Any]:
    return {"spec": {"rows": ["g"], **spec}, "cells": [{"row": ["a"], "column": [], "persons": count}]}


_SQUARE = {"g": split(("a", 60), ("b", 60)), "h": split(("x", 4), ("y", 56), ("x", 30), ("y", 30))}
_TWO_WAY: dict[str, Any] = {"rows": ["g"], "columns": ["h"], "margins": True}
_LEFT: dict[str, Any] = {"g": ["a"] * 40, "late": split((True, 3), (False, 37))}

EXAMPLES: dict[str, tuple[Example, ...]] = {
    **MODELS,
    "histogram_edges": (
        Example(
            told="Four bins from the least to the greatest of 40 different values",
            worked="the least and the greatest value have 1 person each: 1 < 10",
            is_found=True,
            records={"x": list(range(40))},
            spec={"kind": "histogram", "measure": "x", "bins": 4},
        ),
        Example(
            told="Bins at 0, 20 and 50",
            worked="0 is the least value, but chosen beforehand; nobody has 50",
            is_found=False,
            records={"x": [one + 1 for one in range(40)]},
            spec={"kind": "histogram", "measure": "x", "bins": [0, 20, 50]},
        ),
    ),
    "box_whiskers": (
        Example(
            told="Whiskers to the last value within 1.5 boxes, of 40 different values",
            worked="1 person has it: 1 < 10",
            is_found=True,
            records={"x": list(range(40))},
            spec={"kind": "box", "measure": "x", "outliers": False},
        ),
    ),
    "microdata": (
        Example(
            told="A point for each of 40 persons",
            worked="40 points, each of 1 person",
            is_found=True,
            records={"x": list(range(40)), "y": spread(40)},
            spec={"kind": "scatter", "x": "x", "y": "y"},
        ),
        Example(
            told="A table of the same, in two bands of 20",
            worked="no point, outlier or residual",
            is_found=False,
            records={"x": list(range(40)), "y": spread(40)},
            spec={"rows": [{"column": "x", "bands": [0, 20, 40]}]},
        ),
    ),
    "linked_cells": (
        Example(
            told="A cell of 4 persons is hidden, its row's total of 60 and the other cell of 56 are not",
            worked="60 − 56 = 4: max − min = 0 < 10",
            is_found=True,
            records=_SQUARE,
            spec={**_TWO_WAY, "suppressed": [{"row": ["a"], "column": ["x"]}]},
        ),
        Example(
            told="It is hidden together with the three others; the totals 60, 60, 34 and 86 are not",
            worked="it can be 0 to 34: 34 − 0 is not less than 10",
            is_found=False,
            records=_SQUARE,
            spec={**_TWO_WAY, "suppressed": [{"row": [one], "column": [other]} for one in "ab" for other in "xy"]},
        ),
    ),
    "rounded_small": (
        Example(
            told="4 persons, shown as 5 (base 5)",
            worked="5 stands for 3 to 7: 3 ≥ 1 and 7 < 10",
            is_found=True,
            records={"g": split(("a", 4), ("b", 40))},
            spec={"rows": ["g"], "rounding": "base 5"},
        ),
        Example(
            told="4 persons, shown as 0 (base 10)",
            worked="0 stands for 0 to 5: 0 is less than 1",
            is_found=False,
            records={"g": split(("a", 4), ("b", 40))},
            spec={"rows": ["g"], "rounding": "base 10"},
        ),
    ),
    "unseen_noise": (
        Example(
            told="A count of 4 persons, said to be moved by 5 at most; no key is given",
            worked="noise, no key",
            is_found=True,
            records={"g": split(("a", 4), ("b", 40))},
            spec={"rows": ["g"], "noise": 5},
        ),
    ),
    "differencing": (
        Example(
            told="40 persons earlier, now without 3 of them",
            worked="1 ≤ 40 − 37 = 3 < 10",
            is_found=True,
            records=_LEFT,
            spec={"rows": ["g"], "filter": "not late"},
            earlier=[_shown(40)],
        ),
        Example(
            told="The same table again",
            worked="40 − 40 = 0",
            is_found=False,
            records=_LEFT,
            spec={"rows": ["g"]},
            earlier=[_shown(40)],
        ),
    ),
    "unknown_statistic": (
        Example(
            told="'skew', a function of one's own",
            worked="none of those listed",
            is_found=True,
            records={"x": list(range(40))},
            spec={"statistic": "skew", "measure": "x"},
        ),
    ),
    "unknown_kind": (
        Example(
            told="A map",
            worked="none of those listed",
            is_found=True,
            records={"x": list(range(40))},
            spec={"kind": "map"},
        ),
    ),
}  # fmt: skip


def examples_of(rule: Rule | Told) -> Sequence[Vector | Example]:
    """Return a rule's worked examples."""
    return rule.vectors if isinstance(rule, Rule) else EXAMPLES.get(rule.id, ())
