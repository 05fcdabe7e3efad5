"""What a workspace holds is measured without following a link out of it, and told to the portal by session."""

import os
from pathlib import Path

import pytest

from tre.hub.storage import measure, quota_of, told

ROOT = "20 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw,errors=remount-ro"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "workspace"
    (made / "outputs").mkdir(parents=True)
    (made / "outputs/table.csv").write_bytes(b"x" * 100_000)
    return made


def test_bytes_on_the_disk_and_files_are_counted(folder: Path) -> None:
    size, files = measure(folder)
    assert files == 2
    assert 100_000 <= size <= 150_000
    with (folder / "sparse").open("wb") as sparse:
        sparse.truncate(1 << 40)
    assert measure(folder)[0] < 200_000
    assert measure(folder)[1] == 3


def test_no_link_leads_out(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    for number in range(50):
        (outside / f"{number}").write_bytes(b"x" * 10_000)
    before = measure(folder)
    (folder / "link").symlink_to(outside)
    (folder / "outputs/loop").symlink_to(folder)
    size, files = measure(folder)
    assert files == before[1] + 2
    assert size - before[0] < 10_000


def test_what_cannot_be_read_counts_nothing_and_stops_nothing(folder: Path, tmp_path: Path) -> None:
    assert measure(tmp_path / "gone") == (0, 0)
    os.mkfifo(folder / "pipe")
    assert measure(folder)[1] == 3


def test_the_first_measure_of_a_session_is_kept_and_the_others_stay_told(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "storage.json"
    told(file, [("amina/p-aaaaaa", "k1", folder), ("ben/p-bbbbbb", "k2", folder)])
    (folder / "more").write_bytes(b"x" * 1_000_000)
    grown = told(file, [("amina/p-aaaaaa", "k1", folder)])
    assert set(grown) == {"amina/p-aaaaaa", "ben/p-bbbbbb"}
    mine = grown["amina/p-aaaaaa"]
    assert mine.bytes > 1_000_000 > mine.first_bytes
    anew = told(file, [("amina/p-aaaaaa", "k3", folder)])["amina/p-aaaaaa"]
    assert anew.first_bytes == anew.bytes
    file.write_text("{broken")
    assert set(told(file, [])) == set()


@pytest.mark.parametrize(
    ("line", "has"),
    [
        ("30 20 8:2 / /srv/tre rw - ext4 /dev/sdb rw,usrquota", True),
        ("30 20 8:2 / /srv/tre rw - xfs /dev/sdb rw,attr2,prjquota", True),
        ("30 20 8:2 / /srv/tre rw - ext4 /dev/sdb rw,usrjquota=aquota.user", True),
        ("30 20 8:2 / /srv/tre rw - xfs /dev/sdb rw,noquota", False),
        ("30 20 8:2 / /srv/other rw - ext4 /dev/sdb rw,usrquota", False),
    ],
)
def test_whether_the_file_system_itself_has_a_quota(tmp_path: Path, line: str, has: bool) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"{ROOT}\n{line}\n")
    assert bool(quota_of(Path("/srv/tre/state"), mounts)) is has
