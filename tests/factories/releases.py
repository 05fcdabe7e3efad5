"""Random tables of one population for the tests, nested and overlapping, and a brute force over persons that judges them."""

from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from output_checking.domain.checks.differencing.extent import Domain, Extent, only, stretch
from output_checking.domain.checks.differencing.members import digest, make_members
from output_checking.domain.checks.differencing.population import Population, read_population
from output_checking.domain.checks.differencing.released import Released, make_axis
from output_checking.domain.checks.specification.expression import read_filter

Flags = NDArray[np.bool_]
CUTS = (0, 18, 30, 45, 60, 75, 100)
REGIONS = ("North", "South", "East")
SEXES = ("F", "M")

DOMAINS = {
    "age": Domain(Extent(spans=(((0.0, 0), (99.0, 1)),)), whole=True),
    "region": Domain(only(REGIONS)),
    "sex": Domain(only(SEXES)),
}


@dataclass(frozen=True)
class People:
    """A population: one place in each array for each person."""

    age: NDArray[np.int64]
    region: NDArray[np.str_]
    sex: NDArray[np.str_]

    @property
    def count(self) -> int:
        return len(self.age)


def make_people(chance: np.random.Generator, count: int) -> People:
    return People(chance.integers(0, 100, count), chance.choice(REGIONS, count), chance.choice(SEXES, count))


@dataclass(frozen=True)
class Split:
    """How one column splits a table: its levels, and who is in each."""

    column: str
    extents: tuple[Extent, ...]
    labels: tuple[str, ...]
    held: tuple[Flags, ...]


def split_by(people: People, column: str, edges: tuple[int, ...] = ()) -> Split:
    if column == "age":
        pairs = list(pairwise(edges))
        held = tuple((people.age >= low) & (people.age < high) for low, high in pairs)
        return Split("age", tuple(stretch(a, b) for a, b in pairs), tuple(f"{a} to under {b}" for a, b in pairs), held)
    levels = REGIONS if column == "region" else SEXES
    values = getattr(people, column)
    return Split(column, tuple(only([one]) for one in levels), levels, tuple(values == one for one in levels))


@dataclass(frozen=True)
class Release:
    """A table and, beside it, the persons of each of its cells that were shown."""

    table: Released
    cells: tuple[Flags, ...]


@cache
def _digest(person: int) -> int:
    return digest(person, key=b"secret")


def release(name: str, splits: list[Split], text: str, inside: Flags) -> Release:
    """Cross the splits over the persons inside; all margins are shown."""
    population = read_population(read_filter(text), domains=DOMAINS) if text else Population()
    axes = tuple(
        make_axis(
            one.column,
            list(zip(one.extents, one.labels, strict=True)),
            population=population,
            domain=DOMAINS[one.column],
        )
        for one in splits
    )
    totals = [(*one.held, np.logical_or.reduce(one.held)) for one in splits]
    grid = [np.logical_and.reduce([inside, *flags]) for flags in product(*totals)]
    counts = np.array([flags.sum() for flags in grid], dtype=float).reshape([len(one) for one in totals])
    digests = np.array([_digest(one) for one in range(len(inside))], dtype=np.uint64)
    table = Released(
        name=name,
        axes=axes,
        population=population,
        least=counts,
        most=counts.copy(),
        members=make_members([digests[flags] for flags in grid]),
    )
    return Release(table, tuple(grid))


def random_release(chance: np.random.Generator, people: People, name: str) -> Release:
    """Up to two splits and up to two conditions, drawn so that tables nest and overlap often."""
    splits = []
    kind = str(chance.choice(["age", "region", "sex", "none", "age and sex"]))
    if "age" in kind:
        inner = chance.choice(CUTS[1:-1], size=int(chance.integers(1, 4)), replace=False)
        jitter = int(chance.choice([0, 1]))
        splits.append(split_by(people, "age", (0, *(int(one) + jitter for one in sorted(inner)), 100)))
    splits += [split_by(people, one) for one in ("region", "sex") if one in kind]
    texts, inside = [], np.ones(people.count, dtype=bool)
    if chance.random() < 0.6:
        low = int(chance.choice(CUTS[:-2])) + int(chance.choice([0, 1]))
        texts.append(f"age >= {low}")
        inside &= people.age >= low
    if chance.random() < 0.4:
        one = str(chance.choice(REGIONS))
        is_equal = bool(chance.random() < 0.5)
        texts.append(f"region {'=' if is_equal else '!='} '{one}'")
        inside &= (people.region == one) == is_equal
    if chance.random() < 0.3:
        one = str(chance.choice(SEXES))
        texts.append(f"sex = '{one}'")
        inside &= people.sex == one
    return release(name, splits, " and ".join(texts), inside)


def small_group(releases: list[Release], threshold: int) -> bool:
    """Say by brute force whether the last table gives away a small group together with the earlier ones.

    Every sum and difference of two or three shown cells, one of the last table's at least, over every person: it does when one
    singles out 1 to threshold - 1 persons whom no two or three of the earlier cells alone single out.
    """
    earlier = {flags.tobytes() for one in releases[:-1] for flags in one.cells}
    new = {flags.tobytes() for flags in releases[-1].cells}
    pool = sorted(earlier | new)
    # persons who are in the very same cells are in a sum or difference together: one column with their number stands for them
    matrix, alike = np.unique(
        np.array([np.frombuffer(one, dtype=bool) for one in pool], dtype=np.int8), axis=1, return_counts=True
    )
    known = _groups(matrix[[one in earlier for one in pool]], alike, threshold)
    return bool(_groups(matrix, alike, threshold) - known)


def _groups(cells: NDArray[np.int8], alike: NDArray[np.intp], threshold: int) -> set[bytes]:
    found: set[bytes] = set()
    none_or_third = np.concatenate([np.zeros_like(cells[:1]), cells, -cells])
    for place, first in enumerate(cells):
        others = cells[place + 1 :]
        pairs = np.concatenate([first + others, first - others])
        sums = (pairs[:, None] + none_or_third).reshape(-1, cells.shape[1])
        for one in (sums, -sums):
            size = one @ alike
            small = (size >= 1) & (size < threshold) & (one.min(axis=1) >= 0) & (one.max(axis=1) == 1)
            found |= {line.tobytes() for line in one[small]}
    return found
