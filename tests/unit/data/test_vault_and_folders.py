"""The vault's key and register, publishing whole folders, and who may read a snapshot."""

import os
import stat
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tre.data.engine.folders import Folders, hand_over, published
from tre.data.engine.vault import open_vault
from tre.kernel.errors import Altered, Unavailable

IDENTIFIERS = np.array([9990000018, 9990000026, 9990000034], dtype=np.int64)


def test_the_key_is_made_once_and_closed_to_others(empty: Folders) -> None:
    with open_vault(empty.vault) as vault:
        first = vault.project_key("p-aaaaaa", key_version=1)
    assert stat.S_IMODE((empty.vault / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE(empty.vault.stat().st_mode) == 0o700
    with open_vault(empty.vault) as vault:
        assert vault.project_key("p-aaaaaa", key_version=1) == first
        assert vault.project_key("p-bbbbbb", key_version=1) != first


def test_only_one_process_opens_it(empty: Folders) -> None:
    with open_vault(empty.vault), pytest.raises(Unavailable, match="only one honest broker"), open_vault(empty.vault):
        pass


def test_a_key_that_others_can_read_is_not_used(empty: Folders) -> None:
    with open_vault(empty.vault):
        pass
    (empty.vault / "key").chmod(0o640)
    with pytest.raises(Unavailable, match="set its mode to 600"), open_vault(empty.vault):
        pass


def test_a_lost_key_is_not_replaced(empty: Folders) -> None:
    with open_vault(empty.vault) as vault:
        vault.enrol("nhs-number", IDENTIFIERS)
    (empty.vault / "key").unlink()
    with pytest.raises(Altered, match="restore it"), open_vault(empty.vault):
        pass


def test_persons_keep_their_number_and_new_ones_get_one(empty: Folders) -> None:
    with open_vault(empty.vault) as vault:
        first = vault.enrol("nhs-number", IDENTIFIERS[:2])
        second = vault.enrol("nhs-number", IDENTIFIERS[::-1].copy())
        again = vault.enrol("nhs-number", IDENTIFIERS)
    assert second.identifiers.tolist() == sorted(IDENTIFIERS.tolist())
    assert second.numbers[:2].tolist() == first.numbers.tolist()
    assert again.numbers.tolist() == second.numbers.tolist()
    assert len(set(second.numbers.tolist())) == 3
    assert (second.numbers >= 0).all()


def test_numbers_do_not_follow_the_order_of_identifiers(empty: Folders) -> None:
    with open_vault(empty.vault) as vault:
        numbers = vault.enrol("whole", np.arange(1, 2001, dtype=np.int64)).numbers
    assert abs(np.corrcoef(np.arange(2000), np.argsort(np.argsort(numbers)))[0, 1]) < 0.15


def test_the_register_is_sealed_and_every_change_is_noticed(empty: Folders) -> None:
    with open_vault(empty.vault) as vault:
        vault.enrol("nhs-number", IDENTIFIERS)
        path = empty.vault / "nhs-number.register"
        body = path.read_bytes()
        for number in IDENTIFIERS:
            assert str(number).encode() not in body
            assert struct.pack("<q", number) not in body
        for place in (0, 20, len(body) - 1):
            path.write_bytes(body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :])
            with pytest.raises(Altered):
                vault.register("nhs-number")
        path.write_bytes(body)
        path.rename(empty.vault / "other.register")
        with pytest.raises(Altered):
            vault.register("other")


def test_a_folder_is_published_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "version"
    with pytest.raises(RuntimeError), published(folder) as part:
        (part / "half").write_text("half")
        raise RuntimeError
    assert not folder.exists()
    with published(folder) as part:
        assert list(part.iterdir()) == []
        (part / "whole").write_text("whole")
        assert not folder.exists()
    assert [path.name for path in folder.iterdir()] == ["whole"]
    assert [path.name for path in tmp_path.iterdir()] == ["version"]


def test_one_other_account_may_read_and_nobody_else(tmp_path: Path) -> None:
    folder = tmp_path / "snapshot"
    (folder / "tables").mkdir(parents=True)
    (folder / "tables/a.parquet").write_bytes(b"rows")
    hand_over(folder, reader_uid=70_123)
    entries = os.getxattr(folder / "tables/a.parquet", "system.posix_acl_access")
    found = [struct.unpack_from("<HHI", entries, place) for place in range(4, len(entries), 8)]
    assert (0x02, 4, 70_123) in found
    assert (0x20, 0, 0xFFFFFFFF) in found
    assert (0x04, 0, 0xFFFFFFFF) in found


def test_the_kernel_holds_to_it(tmp_path: Path) -> None:
    """Asked as the accounts themselves, where the tests run as root; elsewhere as the only account there is."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() == "root" and folder != Path("/") and os.geteuid() == 0 and "pytest" in str(folder):
            folder.chmod(0o711)
    folder = tmp_path / "snapshot"
    folder.mkdir()
    (folder / "a.parquet").write_bytes(b"rows")
    hand_over(folder, reader_uid=70_123)
    expected = {70_123: 0, 70_124: 1} if os.geteuid() == 0 else {os.geteuid(): 0}
    for uid, code in expected.items():
        identity = ["setpriv", "--reuid", str(uid), "--regid", str(uid), "--clear-groups"] if os.geteuid() == 0 else []
        done = subprocess.run([*identity, "cat", folder / "a.parquet"], capture_output=True, check=False)
        assert (done.returncode, done.stdout) == (code, b"" if code else b"rows")
