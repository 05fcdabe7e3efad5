"""Owns the worked examples of the rules on models and curves; each is given to the engine as it stands by the tests.

Must never be told otherwise than it is judged.
"""

from typing import Any

from output_checking.domain.checks.rules.worked import Example, split, spread


def _model(model: str, outcome: str, *terms: Any, **more: Any) -> dict[str, Any]:
    return {"kind": "regression", "model": model, "outcome": outcome, "terms": list(terms), **more}


def _categorical(column: str) -> dict[str, Any]:
    return {"column": column, "categorical": True}


_CURVE: dict[str, Any] = {"kind": "survival", "time": "days", "event": "died", "times": [30, 60]}

MODELS: dict[str, tuple[Example, ...]] = {
    "residual_degrees": (
        Example(
            told="A constant and two columns, 12 persons",
            worked="12 − 3 = 9 < 10",
            is_found=True,
            records={"y": spread(12), "a": spread(12, step=11), "b": spread(12, step=13)},
            spec=_model("linear", "y", "a", "b"),
        ),
        Example(
            told="The same with 13 persons",
            worked="13 − 3 = 10, not fewer than 10",
            is_found=False,
            records={"y": spread(13), "a": spread(13, step=11), "b": spread(13, step=13)},
            spec=_model("linear", "y", "a", "b"),
        ),
    ),
    "saturated_model": (
        Example(
            told="Two columns of two levels each and their product, 5 persons with one of the four combinations",
            worked="4 distinct rows = rank 4; as a table of means: 5 < 10",
            is_found=True,
            records={"y": spread(65), "a": split(("p", 30), ("q", 35)), "b": split(("u", 15), ("v", 15), ("u", 30), ("v", 5))},
            spec=_model("linear", "y", _categorical("a"), _categorical("b"), {"product": ["a", "b"], "categorical": ["a", "b"]}),
        ),
        Example(
            told="The same two columns without their product",
            worked="4 distinct rows, rank 3",
            is_found=False,
            records={"y": spread(65), "a": split(("p", 30), ("q", 35)), "b": split(("u", 15), ("v", 15), ("u", 30), ("v", 5))},
            spec=_model("linear", "y", _categorical("a"), _categorical("b")),
        ),
    ),
    "indicator_of_few": (
        Example(
            told="3 of 40 persons live in the North",
            worked="0 < 3 < 10",
            is_found=True,
            records={"y": spread(40), "g": split(("North", 3), ("South", 37))},
            spec=_model("linear", "y", _categorical("g")),
        ),
        Example(
            told="12 of 40 persons live in the North",
            worked="12 and 28 are not fewer than 10",
            is_found=False,
            records={"y": spread(40), "g": split(("North", 12), ("South", 28))},
            spec=_model("linear", "y", _categorical("g")),
        ),
    ),
    "outcome_of_few": (
        Example(
            told="A logistic model of 3 deaths among 40 persons",
            worked="3 < 10",
            is_found=True,
            records={"y": split((1, 3), (0, 37)), "a": spread(40)},
            spec=_model("logistic", "y", "a"),
        ),
        Example(
            told="A logistic model of 12 deaths among 40 persons",
            worked="12 and 28 are not fewer than 10",
            is_found=False,
            records={"y": split((1, 12), (0, 28)), "a": spread(40)},
            spec=_model("logistic", "y", "a"),
        ),
    ),
    "same_outcome": (
        Example(
            told="All 15 persons in the North have the outcome",
            worked="min(y) = max(y) = 1",
            is_found=True,
            records={"y": split((1, 25), (0, 20)), "g": split(("North", 15), ("South", 30))},
            spec=_model("logistic", "y", _categorical("g")),
        ),
        Example(
            told="10 of 15 persons in the North have it",
            worked="min(y) = 0, max(y) = 1",
            is_found=False,
            records={"y": split((1, 10), (0, 5), (1, 10), (0, 20)), "g": split(("North", 15), ("South", 30))},
            spec=_model("logistic", "y", _categorical("g")),
        ),
    ),
    "exact_fit": (
        Example(
            told="The outcome is twice a column, and 1",
            worked="y = 1 + 2 a for everybody",
            is_found=True,
            records={"y": [1 + 2 * one for one in range(40)], "a": list(range(40))},
            spec=_model("linear", "y", "a"),
        ),
        Example(
            told="The outcome lies about a line",
            worked="no b gives every y",
            is_found=False,
            records={"y": spread(40), "a": list(range(40))},
            spec=_model("linear", "y", "a"),
        ),
    ),
    "nested_models": (
        Example(
            told="A second model, of a column that 3 of 40 persons have not",
            worked="|A without B| = 40 − 37 = 3 < 10",
            is_found=True,
            records={"y": spread(40), "a": spread(40, step=11), "b": [None] * 3 + spread(37, step=13)},
            spec=_model("linear", "y", "a", nested=[["a", "b"]]),
        ),
        Example(
            told="A second model, of a column that everybody has",
            worked="|A without B| = 0",
            is_found=False,
            records={"y": spread(40), "a": spread(40, step=11), "b": spread(40, step=13)},
            spec=_model("linear", "y", "a", nested=[["a", "b"]]),
        ),
    ),
    "survival_steps": (
        Example(
            told="3 deaths before the 30th day, 15 more before the 60th",
            worked="0 < 3 < 10",
            is_found=True,
            records={"days": split((20, 3), (50, 15), (90, 22)), "died": split((1, 18), (0, 22))},
            spec=_CURVE,
        ),
        Example(
            told="12 deaths before the 30th day, 13 more before the 60th",
            worked="12 and 13 are not fewer than 10",
            is_found=False,
            records={"days": split((20, 12), (50, 13), (90, 22)), "died": split((1, 25), (0, 22))},
            spec=_CURVE,
        ),
    ),
    "survival_at_risk": (
        Example(
            told="5 of 40 persons are still observed on the 60th day",
            worked="0 < 5 < 10",
            is_found=True,
            records={"days": split((20, 20), (50, 15), (90, 5)), "died": split((1, 35), (0, 5))},
            spec=_CURVE,
        ),
        Example(
            told="15 of 50 persons are",
            worked="15 is not fewer than 10",
            is_found=False,
            records={"days": split((20, 20), (50, 15), (90, 15)), "died": split((1, 35), (0, 15))},
            spec=_CURVE,
        ),
    ),
    "survival_all": (
        Example(
            told="All 30 persons died",
            worked="events = N = 30",
            is_found=True,
            records={"days": split((20, 15), (50, 15)), "died": [1] * 30},
            spec=_CURVE,
        ),
        Example(
            told="25 of 47 persons died",
            worked="25 / 47 = 53 %, less than 90 %",
            is_found=False,
            records={"days": split((20, 12), (50, 13), (90, 22)), "died": split((1, 25), (0, 22))},
            spec=_CURVE,
        ),
    ),
}  # fmt: skip
