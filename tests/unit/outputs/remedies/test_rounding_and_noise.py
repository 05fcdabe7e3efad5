"""Rounding, cell-key noise, Barnardisation and merging: worked out by hand."""

import numpy as np
import pytest

from output_checking.domain.checks.differencing.members import Members, digest, make_members, with_totals
from output_checking.domain.checks.remedies.barnardisation import barnardise
from output_checking.domain.checks.remedies.cell_key import add_noise, cell_keys, noise_table
from output_checking.domain.checks.remedies.loss import lost
from output_checking.domain.checks.remedies.merging import mergers
from output_checking.domain.checks.remedies.rounding import Rounding, round_counts
from tests.factories.margins import with_margins


@pytest.mark.parametrize(
    ("how", "counts", "shown", "least", "most"),
    [
        (Rounding.BASE_3, [0, 1, 2, 4], [0, 0, 3, 3], [0, 0, 2, 2], [1, 1, 4, 4]),
        (Rounding.BASE_5, [2, 3, 7, 8], [0, 5, 5, 10], [0, 3, 3, 8], [2, 7, 7, 12]),
        (Rounding.BASE_6, [2, 3, 8, 9], [0, 6, 6, 12], [0, 3, 3, 9], [2, 8, 8, 14]),
        (Rounding.BASE_10, [4, 5, 14, 15], [0, 10, 10, 20], [0, 5, 5, 15], [4, 14, 14, 24]),
        (Rounding.MIDPOINT_6, [0, 1, 6, 7], [0, 3, 3, 9], [0, 1, 1, 7], [0, 6, 6, 12]),
    ],
)
def test_each_rounding_by_hand(
    how: Rounding, counts: list[int], shown: list[int], least: list[int], most: list[int]
) -> None:
    found = round_counts(with_margins(np.array(counts, dtype=float)), how)
    assert found.shown.tolist() == [*shown, sum(shown)]
    assert found.least.tolist() == [*least, sum(least)]
    assert found.most.tolist() == [*most, sum(most)]


@pytest.mark.parametrize("how", list(Rounding))
def test_the_truth_lies_within_what_the_reader_knows_and_totals_agree(how: Rounding) -> None:
    counts = with_margins(np.arange(60.0).reshape(6, 10))
    found = round_counts(counts, how)
    assert ((found.least <= counts) & (counts <= found.most)).all()
    assert found.shown.tolist() == with_margins(found.shown[:-1, :-1]).tolist()


def _members(sizes: list[int]) -> tuple[np.ndarray, Members]:
    people = iter(range(10_000))
    cells = [[digest(next(people), key=b"k") for _ in range(size)] for size in sizes]
    return with_margins(np.array(sizes, dtype=float)), with_totals(cells, (len(sizes),))


def test_the_same_persons_have_the_same_noise_in_every_table() -> None:
    one = [digest(person, key=b"k") for person in range(40)]
    for others in ([1, 2, 3], [7]):
        members = make_members([one, others])
        assert cell_keys(members)[0] == cell_keys(make_members([one[::-1]]))[0]
        first = add_noise(np.array([40.0, len(others)]), members)[0]
        assert first == add_noise(np.array([40.0]), make_members([one]))[0]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_noise_has_mean_0_is_bounded_and_takes_nobody_below_nobody(count: int) -> None:
    noises, chances = noise_table(count, 5, 3.0)
    assert chances.sum() == pytest.approx(1)
    assert (noises * chances).sum() == pytest.approx(0, abs=1e-6)
    assert (noises.min(), noises.max()) == (-count, 5)
    if count == 5:
        assert (noises**2 * chances).sum() == pytest.approx(3, abs=1e-5)


def test_noise_is_spread_as_its_table_says() -> None:
    counts, members = _members([5] * 800)
    noise = add_noise(counts, members)[:-1] - counts[:-1]
    assert abs(noise.mean()) < 0.2
    assert noise.var() == pytest.approx(3, abs=0.5)


def test_an_empty_cell_stays_empty() -> None:
    counts, members = _members([0, 30])
    assert add_noise(counts, members)[0] == 0


def test_barnardisation_moves_by_one_at_most_and_leaves_totals() -> None:
    counts, members = _members([12] * 400 + [0])
    moved = barnardise(counts, members, chance=0.2) - counts
    assert set(moved[:-2]) == {-1.0, 0.0, 1.0}
    assert (moved[-2], moved[-1]) == (0, 0)
    assert np.abs(moved).sum() == pytest.approx(160, abs=40)


def test_loss_by_hand() -> None:
    truth, everything = np.array([10.0, 20, 30]), np.ones(3, dtype=bool)
    hidden = np.array([False, False, True])
    assert lost(truth, truth, hidden, published=everything) == 0.5
    two = np.array([12.0, 18])
    shown = np.array([10.0, 20])
    assert lost(two, shown, np.zeros(2, dtype=bool), published=np.ones(2, dtype=bool)) == pytest.approx(4 / 30)


def test_each_merger_and_its_result() -> None:
    """Bands 4, 30, 6: merging the first two leaves the 6, merging the last two the 4; of levels 4 and 6 make 10, none left.

    Loss: |4 − 30| = 26, |30 − 6| = 24, |4 − 6| = 2 of 40 and their total 40: 80.
    """
    counts, asking = np.array([4.0, 30, 6]), [np.array([True, False, True])]
    bands = mergers(counts, asking, threshold=10, ordered=[True], empty_is_small=True)
    assert [(one.levels, one.small, one.loss) for one in bands] == [((1, 2), 1, 24 / 80), ((0, 1), 1, 26 / 80)]
    levels = mergers(counts, asking, threshold=10, ordered=[False], empty_is_small=True)
    assert (len(levels), levels[0].levels, levels[0].small, levels[0].loss) == (3, (0, 2), 0, 2 / 80)
