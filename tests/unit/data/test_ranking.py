"""Ranks in memory: as the pseudonyms' texts lie, nobody's for a stranger, and a snapshot of the same bytes as by the engine's join."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.benchmarks.event_store import AT, KEY, make_store, plan_of, quietly
from tests.factories.loaded import AT as LOADED_AT
from tests.factories.loaded import Loaded, everything
from tre.data.domain.pseudonym import persons_of, pseudonyms
from tre.data.engine import part_files, parts, ranking, snapshot
from tre.data.engine.folders import Folders
from tre.data.engine.ranking import Ranked
from tre.data.engine.snapshot import build_snapshot

SPACE = persons_of("made")
NUMBERS = some.integers(0, 2**63 - 1) | some.integers(0, 300)


@given(some.sets(NUMBERS, max_size=200), some.lists(NUMBERS, max_size=50))
@settings(max_examples=60, deadline=None)
def test_ranks_are_the_order_of_the_texts_and_strangers_have_none(persons: set[int], others: list[int]) -> None:
    numbers = np.array(list(persons), dtype=np.int64)
    ranked = Ranked(numbers, key=KEY, space=SPACE)
    texts = pseudonyms(numbers.astype(np.uint64), KEY, space=SPACE)
    wanted = {number: rank for rank, (_, number) in enumerate(sorted(zip(texts.tolist(), persons, strict=True)))}
    asked = np.array([*others, *persons, -1], dtype=np.int64)
    assert ranked.ranks(asked).tolist() == [wanted.get(one, -1) for one in asked.tolist()]
    assert ranked.names(0, len(ranked)).to_pylist() == sorted(one.decode() for one in texts.tolist())
    assert ranked.everyone.tolist() == ranked.numbers(np.arange(len(persons))).tolist() == list(wanted)


@pytest.mark.parametrize("step", [1, 2**20, 2**43])
def test_numbers_of_a_pattern_are_found(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "_AT_ONCE", 1_000)
    numbers = np.arange(1, 100_001, dtype=np.int64) * step
    ranked = Ranked(numbers, key=KEY, space=SPACE)
    ranks = ranked.ranks(numbers)
    assert sorted(ranks.tolist()) == list(range(len(numbers)))
    assert (ranked.numbers(ranks.astype(np.int64)) == numbers).all()
    assert (ranked.ranks(numbers + step // 2 + 100_001 * step) == -1).all()


def test_events_by_memory_and_by_the_engine_have_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "VALUES_IN_PART", 60_000)
    monkeypatch.setattr(part_files, "ROW_GROUP", 1_024)
    folders = make_store(tmp_path, rows=60_000, persons=6_000)
    build_snapshot(plan_of(number=1), folders=folders, key=KEY, at=AT, progress=quietly)
    monkeypatch.setattr(snapshot, "MOST_RANKED", 0)
    build_snapshot(plan_of(number=2), folders=folders, key=KEY, at=AT, progress=quietly)
    one, other = (files_of(folders.snapshot("p-aaaaaa", number)) for number in (1, 2))
    assert len(one) > 5
    assert one == other
    one, other = (files_of(folders.receipt("p-aaaaaa", number)) for number in (1, 2))
    assert sorted(one) == sorted(other)


def test_a_whole_dataset_by_memory_and_by_the_engine_has_the_same_bytes(
    loaded: Loaded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With opt-outs, records and generalised columns."""
    plan = loaded.plan(approved=everything([loaded.contracts["hospital"]]))
    key = loaded.vault.project_key(plan.project_id, key_version=plan.key_version)
    built = []
    for number, most in enumerate((ranking.MOST_RANKED, 0)):
        monkeypatch.setattr(snapshot, "MOST_RANKED", most)
        here = Folders(vault=loaded.folders.vault, store=loaded.folders.store, snapshots=tmp_path / str(number))
        build_snapshot(plan, folders=here, key=key, at=LOADED_AT, progress=quietly)
        built.append(files_of(here.snapshot(plan.project_id, plan.version)))
    assert built[0] == built[1]


def files_of(folder: Path) -> dict[str, bytes]:
    """Each file of a table or list of persons below a folder."""
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*.parquet")}
