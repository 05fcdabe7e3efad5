"""Two projects' snapshots of the same persons, attacked with all that lies in the folders but the data's own values.

The attacker has both folders: positions of rows, files and row groups with their counts, sizes and statistics, footers,
names, modes and times. Each way gives every person of the one a partner in the other; by chance one of them is right, however
many there are. The same attack on rows left in the store's order finds nearly all: a test that could not fail proves nothing.
"""

from collections import Counter
from collections.abc import Callable
from itertools import chain, pairwise
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from tests.benchmarks.event_store import AT, KEY, make_store, plan_of, quietly, table_path
from tre.data.domain.pseudonym import derive_key, internal_numbers, persons_of
from tre.data.engine import part_files, parts
from tre.data.engine.folders import Folders
from tre.data.engine.snapshot import build_snapshot

ROWS = 60_000
PERSONS = 6_000
MOST_BY_CHANCE = 12
"""Matches by chance are about one (Poisson); more than twelve come once in 10^10 runs."""
PROJECTS = ("p-aaaaaa", "p-bbbbbb")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """A store of events, several to a person."""
    return make_store(tmp_path_factory.mktemp("two"), rows=ROWS, persons=PERSONS)


@pytest.fixture(scope="module")
def snapshots(folders: Folders) -> list[Path]:
    """One snapshot for each project, in files of some thousand rows as a large one has of millions."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "VALUES_IN_PART", 60_000)
        patch.setattr(part_files, "ROW_GROUP", 1_024)
        for project in PROJECTS:
            build_snapshot(plan_of(project_id=project), folders=folders, key=key_of(project), at=AT, progress=quietly)
    return [folders.snapshot(project, 1) for project in PROJECTS]


def key_of(project: str) -> bytes:
    """The key of a project: as different as two projects' are."""
    return derive_key(KEY, project)


def rows_of(folder: Path) -> tuple[list[Path], list[bytes]]:
    """The files in the order of their names, and each row's pseudonym."""
    files = sorted((folder / "tables/events").iterdir())
    return files, [text.encode() for file in files for text in pq.read_table(file)["person"].to_pylist()]


def truth(project: str, pseudonyms: list[bytes]) -> NDArray[np.uint64]:
    """Who they are, as only the broker can say."""
    numbers, ours = internal_numbers(np.array(pseudonyms, dtype="S27"), key_of(project), space=persons_of("made"))
    assert ours.all()
    return numbers


def by_first_row(rows: list[bytes]) -> list[bytes]:
    """Persons in the order of their first rows."""
    return list(dict.fromkeys(rows))


def by_last_row(rows: list[bytes]) -> list[bytes]:
    """Persons in the order of their last rows."""
    return list(dict.fromkeys(reversed(rows)))


def by_row(rows: list[bytes]) -> list[bytes]:
    """Row by row, line against line."""
    return rows


WAYS: dict[str, Callable[[list[bytes]], list[bytes]]] = {"first": by_first_row, "last": by_last_row, "line": by_row}


def matched(
    one: list[bytes], other: list[bytes], tell: Callable[[str, list[bytes]], NDArray[np.uint64]] = truth
) -> int:
    """How many persons are rightly matched when what stands at the same place is taken for the same person."""
    count = min(len(one), len(other))
    first, second = tell(PROJECTS[0], one[:count]), tell(PROJECTS[1], other[:count])
    return len(np.unique(first[first == second]))


@pytest.mark.parametrize("way", WAYS)
def test_positions_match_no_more_persons_than_chance(snapshots: list[Path], way: str) -> None:
    rows = [rows_of(folder)[1] for folder in snapshots]
    assert len(rows[0]) == len(rows[1]) == ROWS
    expected = (
        MOST_BY_CHANCE if way != "line" else MOST_BY_CHANCE + ROWS // PERSONS * 4
    )  # a person has ten lines to meet on
    first, second = (WAYS[way](one) for one in rows)
    assert matched(first, second) <= expected


def test_the_attack_finds_nearly_all_where_rows_are_left_in_the_stores_order(folders: Folders) -> None:
    """As a plain join writes them: the attack is the same, and works."""
    stored = duckdb.sql(f"SELECT person FROM '{table_path(folders, 'v1')}'").fetchnumpy()["person"]
    rows = [b"%020d" % number for number in stored.tolist()]

    def known(_: str, texts: list[bytes]) -> NDArray[np.uint64]:
        return np.array([int(one) for one in texts], dtype=np.uint64)

    for way in WAYS.values():
        assert matched(way(rows), way(rows), known) > PERSONS * 0.9


def test_files_and_row_groups_hold_no_more_of_the_same_persons_than_chance(snapshots: list[Path]) -> None:
    """A file or row group of the one and that at the same place, or of the same size, of the other."""
    for grouped in (by_file, by_row_group):
        one, other = (grouped(folder) for folder in snapshots)
        found = [
            truth(project, list(chain.from_iterable(groups)))
            for project, groups in zip(PROJECTS, (one, other), strict=True)
        ]
        places = [np.repeat(np.arange(len(groups)), [len(each) for each in groups]) for groups in (one, other)]
        of = [
            dict(zip(numbers.tolist(), place.tolist(), strict=True))
            for numbers, place in zip(found, places, strict=True)
        ]
        together = sum(of[0][number] == of[1][number] for number in of[0])
        expected = len(of[0]) / len(one)
        assert len(one) > 5
        assert abs(together - expected) < 6 * np.sqrt(expected)


def by_file(folder: Path) -> list[list[bytes]]:
    """Persons of each file."""
    return [
        by_first_row([one.encode() for one in pq.read_table(file)["person"].to_pylist()]) for file in rows_of(folder)[0]
    ]


def by_row_group(folder: Path) -> list[list[bytes]]:
    """Persons of each row group."""
    groups = []
    for path in rows_of(folder)[0]:
        file = pq.ParquetFile(path)
        groups += [
            by_first_row([one.encode() for one in file.read_row_group(at, columns=["person"])["person"].to_pylist()])
            for at in range(file.num_row_groups)
        ]
    return groups


def test_every_file_begins_where_the_one_before_ends(snapshots: list[Path]) -> None:
    """One order through all files, that of the project's own pseudonyms: statistics can say nothing else."""
    for folder in snapshots:
        rows = rows_of(folder)[1]
        assert rows == sorted(rows)
        for file in rows_of(folder)[0]:
            about = pq.ParquetFile(file).metadata
            stats = [about.row_group(at).column(0).statistics for at in range(about.num_row_groups)]
            assert all(one.max <= two.min for one, two in pairwise(stats))
            assert about.metadata is None


def test_rows_of_a_person_lie_by_their_values_alone(folders: Folders, snapshots: list[Path]) -> None:
    """The store's lines in another order give the same bytes."""
    shuffled = folders.version("made", "v2") / "events.parquet"
    shuffled.parent.mkdir()
    duckdb.sql(f"COPY (SELECT * FROM '{table_path(folders, 'v1')}' ORDER BY hash(person, value)) TO '{shuffled}'")
    again = plan_of("v2", project_id=PROJECTS[0], number=2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "VALUES_IN_PART", 60_000)
        patch.setattr(part_files, "ROW_GROUP", 1_024)
        build_snapshot(again, folders=folders, key=key_of(PROJECTS[0]), at=AT, progress=quietly)
    first, second = ([one.read_bytes() for one in rows_of(folders.snapshot(PROJECTS[0], at))[0]] for at in (1, 2))
    assert first == second


def test_names_modes_and_times_are_the_same_for_both(snapshots: list[Path]) -> None:
    looks = [
        sorted(
            (str(path.relative_to(folder)), path.stat().st_mode, path.stat().st_mtime_ns) for path in folder.rglob("*")
        )
        for folder in snapshots
    ]
    assert looks[0] == looks[1]
    assert len(Counter(time for _, _, time in looks[0])) == 1
