"""The table of a bridge without a broker: nobody, some, and many persons, in memory that does not make an object of each."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tre.data.domain.disclosure import BridgePlan, SnapshotOf
from tre.data.domain.pseudonym import persons_of, pseudonyms
from tre.data.engine.folders import Folders
from tre.data.engine.turning_back import lay_bridge, remove_bridge
from tre.data.engine.vault import Vault, open_vault

SOURCE, TARGET = (
    SnapshotOf(project_id=one, version=1, key_version=version, reader_uid=0)
    for one, version in (("p-aaaaaa", 1), ("p-bbbbbb", 2))
)
PLAN = BridgePlan(bridge_id="b-one", source=SOURCE, target=TARGET)


def lay(folders: Folders, vault: Vault, of: SnapshotOf, numbers: list[int], *, files: int = 2) -> None:
    key = vault.project_key(of.project_id, key_version=of.key_version)
    made = pseudonyms(np.array(numbers, dtype=np.uint64), key, space=persons_of("whole")).astype(str)
    folder = folders.snapshot(of.project_id, of.version) / "tables/events"
    folder.mkdir(parents=True)
    for place in range(files):
        pq.write_table(pa.table({"person": made[place::files], "n": made[place::files]}), folder / f"{place}.parquet")
    pq.write_table(pa.table({"code": ["a"]}), folder.parent / "codes.parquet")


@pytest.mark.parametrize("both", [0, 1, 9, 10, 60_000])
def test_the_persons_of_both_are_paired(empty: Folders, both: int) -> None:
    with open_vault(empty.vault) as vault:
        vault.renew_key(2)
        numbers = vault.enrol("whole", np.arange(1, 70_001)).numbers.tolist()
        shared, here, there = numbers[:both], numbers[both : both + 3000], numbers[both + 3000 : both + 6000]
        lay(empty, vault, SOURCE, shared + there)
        lay(empty, vault, TARGET, here + shared, files=3)
        told = lay_bridge(PLAN, vault=vault, folders=empty)
        path = empty.snapshot("p-bbbbbb", 1) / "bridges/b-one.parquet"
        found = pq.ParquetFile(path).read()
        pairs = dict(zip(found.column("person").to_pylist(), found.column("person_there").to_pylist(), strict=True))
        assert told["persons"] == (both if both >= 10 else None)
        expected = [
            pseudonyms(
                np.array(shared, dtype=np.uint64),
                vault.project_key(one, key_version=version),
                space=persons_of("whole"),
            )
            for one, version in (("p-bbbbbb", 2), ("p-aaaaaa", 1))
        ]
        assert pairs == dict(zip(expected[0].astype(str), expected[1].astype(str), strict=True))
    remove_bridge("b-one", "p-bbbbbb", folders=empty)
    assert not path.exists()
    remove_bridge("b-one", "p-bbbbbb", folders=empty)


def test_what_is_no_pseudonym_of_the_source_is_not_told(empty: Folders) -> None:
    """A table whose column `person` was made with another key, or is of another length, tells nothing."""
    with open_vault(empty.vault) as vault:
        vault.renew_key(2)
        numbers = vault.enrol("whole", np.arange(1, 101)).numbers.tolist()
        lay(empty, vault, TARGET, numbers)
        folder = empty.snapshot("p-aaaaaa", 1) / "tables"
        folder.mkdir(parents=True)
        strange = ["P" + "A" * 26, "short", None, "P" + "7" * 40]
        pq.write_table(pa.table({"person": strange}), folder / "events.parquet")
        assert lay_bridge(PLAN, vault=vault, folders=empty)["persons"] is None
        assert pq.ParquetFile(empty.snapshot("p-bbbbbb", 1) / "bridges/b-one.parquet").read().num_rows == 0
