"""Who stands in cells, by digests: against sets of Python."""

import numpy as np
import pytest

from output_checking.domain.checks.differencing.members import (
    Members,
    make_members,
    nearly_within,
    read_digests,
    shared,
)

FEWER = 4


def _cells(chance: np.random.Generator, near: list[set[int]]) -> list[set[int]]:
    """Some cells at random, some that differ little from others, some empty."""
    found = [set(chance.integers(0, 40, chance.integers(0, 25)).tolist()) for _ in range(8)]
    for one in near:
        some = set(chance.permutation(sorted(one))[int(chance.integers(0, 3)) :].tolist())
        found.append(some | set(chance.integers(0, 60, chance.integers(0, 3)).tolist()))
    return [*found, set()]


def _members(cells: list[set[int]]) -> Members:
    # digests are spread over all of 64 bits
    return make_members([[one * 0x9E3779B97F4A7C15 % 2**64 for one in cell] for cell in cells])


@pytest.mark.parametrize("seed", range(60))
def test_pairs_of_which_one_holds_the_other_are_those_of_sets(seed: int) -> None:
    chance = np.random.default_rng(seed)
    one = _cells(chance, [])
    other = _cells(chance, one)
    expected = {
        (at, place)
        for at, lesser in enumerate(one)
        for place, greater in enumerate(other)
        if lesser and lesser < greater and len(greater - lesser) < FEWER
    }
    found = list(
        zip(*(part.tolist() for part in nearly_within(_members(one), _members(other), fewer=FEWER)), strict=True)
    )
    assert len(found) == len(set(found)), "each once"
    assert set(found) == expected


def test_shared_persons_are_those_of_sets() -> None:
    chance = np.random.default_rng(1)
    one, other = _cells(chance, []), _cells(chance, [])
    mine, theirs = (grid.ravel() for grid in np.indices((len(one), len(other))))
    expected = [len(one[a] & other[b]) for a, b in zip(mine, theirs, strict=True)]
    assert shared(_members(one), _members(other), mine, theirs).tolist() == expected


def test_digests_are_read_as_numbers_and_nothing_else_is() -> None:
    assert read_digests(["00000000000000ff", "8000000000000000"]).tolist() == [255, 2**63]
    for wrong in ("ff", "0" * 17, "x" * 16, ""):
        with pytest.raises(ValueError, match=r"digest|hexadecimal"):
            read_digests([wrong])
