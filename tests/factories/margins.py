"""Tables with margins for the tests: random ones, and an attacker of hidden cells written apart from the product."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

Table = NDArray[np.float64]


def with_margins(inner: Table) -> Table:
    """Add the total of each line along each dimension."""
    for axis in range(inner.ndim):
        inner = np.concatenate([inner, inner.sum(axis=axis, keepdims=True)], axis=axis)
    return inner


def attack(shown: Table, hidden: NDArray[np.bool_]) -> tuple[Table, Table]:
    """Bound each hidden cell of a two-way table with margins, two linear programmes each, from the plain definition.

    One variable for each inner cell; a shown inner cell is fixed, a shown margin is an equation. A hidden margin is bounded as
    the sum of its line.
    """
    rows, columns = shown.shape[0] - 1, shown.shape[1] - 1
    inner = rows * columns

    def line(place: tuple[int, int]) -> Table:
        mask = np.zeros((rows, columns))
        mask[slice(None) if place[0] == rows else place[0], slice(None) if place[1] == columns else place[1]] = 1
        return mask.ravel()

    places = [(i, j) for i in range(rows + 1) for j in range(columns + 1)]
    known = [place for place in places if not hidden[place]]
    left = np.array([line(place) for place in known]).reshape(len(known), inner)
    right = np.array([shown[place] for place in known])
    least, most = shown.astype(float).copy(), shown.astype(float).copy()
    for place in (one for one in places if hidden[one]):
        low = linprog(line(place), A_eq=left, b_eq=right, bounds=(0, None), method="highs")
        high = linprog(-line(place), A_eq=left, b_eq=right, bounds=(0, None), method="highs")
        least[place] = np.ceil(low.fun - 1e-6)
        most[place] = np.floor(-high.fun + 1e-6) if high.status == 0 else np.inf
    return least, most
