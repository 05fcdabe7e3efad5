"""What a synthetic twin may know: shapes without small numbers, extremes or one person's many rows; what it makes of them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.factories.cohort import COMMON, EXTREME, PERSONS, RARE, Columns, cohort, put, some, visits
from tre.data.domain.small_numbers import rounded, told
from tre.data.domain.twin import Categories, Periods, Spread, TableShape
from tre.data.engine.duck import open_engine
from tre.data.engine.twin.make import Maker
from tre.data.engine.twin.measure import measure_table

SEED = 11
REAL = cohort()


def shape_of(columns: Columns, folder: Path) -> TableShape:
    with open_engine(folder / "spill") as engine:
        return measure_table(engine, put(columns, folder / "cohort").parent, records={})


def twin_of(shape: TableShape, *, seed: int = SEED) -> Columns:
    made = Maker([shape], persons=shape.persons, seed=seed).make()[shape.name]
    return {name: np.array(made[name].to_pylist()) for name in made.column_names}


def column(table: TableShape, name: str) -> Any:
    return next(one.shape for one in table.columns if one.name == name)


@pytest.fixture(scope="module")
def shape(tmp_path_factory: pytest.TempPathFactory) -> TableShape:
    return shape_of(REAL, tmp_path_factory.mktemp("cohort"))


@pytest.fixture(scope="module")
def of_visits(tmp_path_factory: pytest.TempPathFactory) -> TableShape:
    return shape_of(visits(), tmp_path_factory.mktemp("visits"))


def test_counts_are_rounded_and_small_ones_withheld() -> None:
    assert [rounded(one) for one in (0, 9, 10, 14, 15, 104, 1_249, 123_456)] == [0, 0, 10, 10, 20, 100, 1_200, 120_000]
    assert told(9) == told(0) == "fewer than 10"
    assert told(12_345) == "about 12,000"


def test_nothing_of_fewer_than_ten_persons_is_in_the_shapes(shape: TableShape, of_visits: TableShape) -> None:
    said = repr((shape, of_visits))
    for planted in (RARE, "Upper Nowhere", str(EXTREME), "1899", "prototype 7", "999.0"):
        assert planted not in said
    assert COMMON in said
    assert "cuff" in said


def test_ends_are_cut_where_ten_persons_go_further(shape: TableShape, of_visits: TableShape) -> None:
    weight, reading = column(shape, "weight"), column(of_visits, "reading")
    assert isinstance(weight, Spread)
    assert isinstance(reading, Spread)
    assert max(weight.points) < 110
    assert max(reading.points) < 190, "a thousand rows of one person are one person's"


def test_every_count_is_a_multiple_of_ten(shape: TableShape) -> None:
    counted = [one.shape for one in shape.columns if isinstance(one.shape, Categories | Periods)]
    weights = [weight for one in counted for weight in one.weights]
    assert len(weights) > 60
    assert {weight % 10 for weight in (*weights, shape.rows, shape.persons)} == {0}


def test_a_tenth_person_makes_a_value_common_enough(tmp_path: Path) -> None:
    more = cohort()
    more["diagnosis"][9] = RARE
    assert RARE not in column(shape_of(REAL, tmp_path), "diagnosis").values
    assert RARE in column(shape_of(more, tmp_path), "diagnosis").values


def test_one_person_more_or_less_changes_no_value_that_is_told(shape: TableShape, tmp_path: Path) -> None:
    without = shape_of(some(REAL, slice(1, None)), tmp_path)
    assert (without.rows, without.persons, without.per_person) == (shape.rows, shape.persons, shape.per_person)
    for one, other in zip(shape.columns, without.columns, strict=True):
        assert type(one.shape) is type(other.shape)
        if isinstance(one.shape, Categories) and isinstance(other.shape, Categories):
            assert set(one.shape.values) == set(other.shape.values)


def test_a_dataset_of_nine_persons_gives_an_empty_twin(tmp_path: Path) -> None:
    few = shape_of(some(REAL, slice(0, 9)), tmp_path)
    assert few.persons == few.rows == 0
    twin = twin_of(few)
    assert {value for name, values in twin.items() if name != "person" for value in values} == {None}


def test_of_a_long_table_some_persons_are_looked_at_each_whole(tmp_path: Path, of_visits: TableShape) -> None:
    with open_engine(tmp_path / "spill") as engine:
        some = measure_table(engine, put(visits(), tmp_path / "v").parent, records={}, most_rows=2_000)
    assert some.per_person.values == of_visits.per_person.values
    assert abs(some.persons - of_visits.persons) < 0.1 * of_visits.persons
    assert "prototype 7" not in repr(some)


def test_marginals_are_near(shape: TableShape) -> None:
    twin = twin_of(shape)
    for name in ("diagnosis", "town", "smokes"):
        for value in ("Asthma", "Eczema", "None", "Leeds", "York", "Hull", True, False):
            assert abs((twin[name] == value).mean() - (REAL[name] == value).mean()) < 0.05, (name, value)
    assert abs(np.median(twin["weight"]) - np.median(REAL["weight"])) < 2
    assert abs(twin["weight"].std() - 12) < 2
    assert abs((twin["height"] == None).mean() - 0.25) < 0.05  # noqa: E711 - element by element
    assert {one.year for one in twin["born"]} <= set(range(1940, 2009))


def test_columns_are_drawn_each_by_itself(tmp_path: Path) -> None:
    """A real dependence is not in the twin: nothing is known of two columns together."""
    twin = twin_of(shape_of(REAL | {"height": REAL["weight"] * 2}, tmp_path))
    assert abs(np.corrcoef(twin["weight"].astype(float), twin["height"].astype(float))[0, 1]) < 0.08


def test_the_seed_decides_everything(shape: TableShape) -> None:
    one, again, other = twin_of(shape), twin_of(shape), twin_of(shape, seed=SEED + 1)
    assert all((one[name] == again[name]).all() for name in one)
    assert not (one["weight"] == other["weight"]).all()
    assert not set(one["person"]) & set(other["person"]), "another seed, other pseudonyms"


def likeness(rows: Columns, twin: Columns) -> Any:
    """Return how like the most similar made-up row each row is: columns that agree, numbers and dates that are near."""
    score = np.zeros((len(rows["person"]), len(twin["person"])), dtype=np.int16)
    for name in ("diagnosis", "town", "smokes", "height"):
        score += rows[name][:, None] == twin[name][None, :]
    score += np.abs(rows["weight"][:, None] - twin["weight"][None, :]) <= 1
    born = twin["born"].astype("datetime64[D]")
    score += np.abs(rows["born"][:, None] - born[None, :]) <= np.timedelta64(31, "D")
    return score.max(axis=1) + score.mean(axis=1)


def test_who_was_in_the_data_cannot_be_told_better_than_by_chance(tmp_path: Path) -> None:
    """Half of a population is in the data, half is not; each is scored by how near a made-up row comes to them."""
    everybody = some(cohort(persons=2 * PERSONS), slice(9, None))
    inside, outside = some(everybody, slice(0, None, 2)), some(everybody, slice(1, None, 2))
    twin = twin_of(shape_of(inside, tmp_path))
    scores = np.concatenate([likeness(inside, twin), likeness(outside, twin)])
    values, place, times = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(times) - (times - 1) / 2)[place]
    count = len(inside["person"])
    area = (ranks[:count].sum() - count * (count + 1) / 2) / (count * len(outside["person"]))
    assert len(values) > 1
    assert abs(area - 0.5) < 0.03, f"the attack is right in {area:.1%} of pairs"
