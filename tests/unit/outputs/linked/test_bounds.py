"""What a reader works out of hidden cells: by hand, and against an attacker written apart."""

import numpy as np
import pytest

from output_checking.domain.checks.linked.bounds import bound
from output_checking.domain.checks.linked.equations import overlapping_equations, table_equations
from output_checking.domain.checks.linked.knowledge import shown_exactly, shown_rounded
from output_checking.domain.checks.refusal import CannotJudge
from tests.factories.margins import attack, with_margins


def hide(shape: tuple[int, ...], *places: tuple[int, ...]) -> np.ndarray:
    hidden = np.zeros(shape, dtype=bool)
    for place in places:
        hidden[place] = True
    return hidden


def test_one_hidden_cell_of_a_row_is_its_total_less_the_others() -> None:
    """3 hidden beside 20, total 23: 23 - 20 = 3, known exactly, without a linear programme."""
    table = with_margins(np.array([[3.0, 20.0], [30.0, 40.0]]))
    found = bound(table_equations((2, 2)), shown_exactly(table.ravel(), hide((3, 3), (0, 0)).ravel()))
    assert (found.known.least[0], found.known.most[0], found.programmes) == (3, 3, 0)


def test_a_square_of_hidden_cells_moves_together() -> None:
    """Rows 3 + 20 and 30 + 7, all four hidden, row totals 23 and 37, column totals 33 and 27.

    With x for the first cell the others are 23 - x, 33 - x and 27 - (23 - x) = 4 + x, each at least 0: 0 <= x <= 23.
    """
    table = with_margins(np.array([[3.0, 20.0], [30.0, 7.0]]))
    hidden = hide((3, 3), (0, 0), (0, 1), (1, 0), (1, 1))
    found = bound(table_equations((2, 2)), shown_exactly(table.ravel(), hidden.ravel())).known
    least, most = found.least.reshape(3, 3), found.most.reshape(3, 3)
    assert least[:2, :2].tolist() == [[0, 0], [10, 4]]
    assert most[:2, :2].tolist() == [[23, 23], [33, 27]]


def test_bounds_that_propagation_alone_leaves_too_wide() -> None:
    """Three rows and columns, hidden everywhere: exact bounds are those of the attacker."""
    table = with_margins(np.array([[1.0, 0, 2], [5, 1, 0], [0, 3, 4]]))
    hidden = hide((4, 4), *((i, j) for i in range(3) for j in range(3)), (3, 3), (0, 3))
    found = bound(table_equations((3, 3)), shown_exactly(table.ravel(), hidden.ravel())).known
    least, most = attack(table, hidden)
    assert found.least.reshape(4, 4).tolist() == least.tolist()
    assert found.most.reshape(4, 4).tolist() == most.tolist()


@pytest.mark.parametrize("seed", range(25))
def test_random_tables_against_the_attacker(seed: int) -> None:
    chance = np.random.default_rng(seed)
    rows, columns = int(chance.integers(1, 6)), int(chance.integers(1, 6))
    table = with_margins(chance.poisson(6, (rows, columns)).astype(float))
    hidden = chance.random(table.shape) < chance.uniform(0.1, 0.8)
    found = bound(table_equations((rows, columns)), shown_exactly(table.ravel(), hidden.ravel())).known
    least, most = attack(table, hidden)
    np.testing.assert_allclose(found.least.reshape(table.shape), least)
    np.testing.assert_allclose(found.most.reshape(table.shape), most)


def test_three_dimensions() -> None:
    """A 2 x 2 x 2 table with all its margins has one degree of freedom: x hidden everywhere moves by min of the cells."""
    table = with_margins(np.array([[[4.0, 6], [5, 9]], [[7, 8], [6, 3]]]))
    hidden = hide((3, 3, 3), *np.ndindex(2, 2, 2))
    found = bound(table_equations((2, 2, 2)), shown_exactly(table.ravel(), hidden.ravel())).known
    # signs alternate: cells with + sign 4, 9, 8, 6 (least 4) and with - sign 6, 5, 7, 3 (least 3)
    first = found.least.reshape(3, 3, 3)[0, 0, 0], found.most.reshape(3, 3, 3)[0, 0, 0]
    assert first == (0, 7)


def test_rounded_totals_bound_rounded_cells() -> None:
    """Base 5: cells shown 5 and 5 (each 3 to 7), their total 15 (13 to 17): each is at least 13 - 7 = 6."""
    known = shown_rounded(np.array([5.0, 5, 15]), np.zeros(3, dtype=bool), slack=2)
    found = bound(table_equations((2,)), known).known
    assert (found.least[:2].tolist(), found.most[:2].tolist()) == ([6, 6], [7, 7])


def test_persons_in_several_cells_are_not_subtracted() -> None:
    """Total 23 persons, 20 of them in one cell: the other has at least 3 and at most 23, as some may stand in both."""
    found = bound(
        overlapping_equations((2,)), shown_exactly(np.array([0.0, 20, 23]), np.array([True, False, False]))
    ).known
    assert (found.least[0], found.most[0]) == (3, 23)


def test_totals_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(CannotJudge) as refused:
        bound(table_equations((2,)), shown_exactly(np.array([1.0, 20, 23]), np.zeros(3, dtype=bool)))
    assert refused.value.code == "linked.contradiction"


def test_sums_that_may_be_negative_have_no_bounds_from_two_hidden_ones() -> None:
    values = np.array([-3.0, 20, 17])
    known = shown_exactly(values, np.array([True, True, False]), floor=-np.inf, whole=False)
    found = bound(table_equations((2,)), known).known
    assert np.isinf(found.least[0])
    assert np.isinf(found.most[0])
