"""Registers: merged a piece at a time, sealed frame by frame, within bounds of memory however many persons there are."""

import io
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tre.data.domain.pseudonym import derive_key
from tre.data.engine.folders import Folders
from tre.data.engine.vault import Register, open_vault, registers
from tre.data.engine.vault.registers import Merge, gathered
from tre.data.engine.vault.sealed import key_version_of, read_sealed, write_sealed
from tre.kernel.errors import Altered, Unavailable

MASTER = bytes(range(32))
LOADS = st.lists(st.lists(st.integers(1, 300), unique=True, max_size=60), min_size=1, max_size=6)


def pieces(identifiers: list[int], size: int) -> Iterator[NDArray[np.int64]]:
    ordered = np.array(sorted(identifiers), dtype=np.int64)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def whole(found: list[Register]) -> dict[int, int]:
    return {
        int(one): int(number) for piece in found for one, number in zip(piece.identifiers, piece.numbers, strict=True)
    }


@given(LOADS, st.integers(1, 20), st.integers(1, 20))
@settings(max_examples=60, deadline=None)
def test_whatever_comes_in_whatever_pieces_everyone_has_one_number_for_ever(
    loads: list[list[int]], size: int, least: int
) -> None:
    known: list[Register] = []
    expected: dict[int, int] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registers, "PIECE", least)
        for load in loads:
            merge = Merge(iter(known), pieces(load, size))
            known = list(merge.pieces())
            found = whole(known)
            assert merge.new == len(set(load) - set(expected))
            assert list(found) == sorted(set(expected) | set(load))
            assert expected.items() <= found.items()
            assert len(set(found.values())) == len(found)
            expected = found


def test_small_pieces_are_put_together() -> None:
    one = Register(identifiers=np.arange(10), numbers=np.arange(10))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registers, "PIECE", 25)
        assert [len(piece.identifiers) for piece in gathered(iter([one] * 7))] == [30, 30, 10]


@pytest.mark.parametrize("given", [[[2, 1]], [[1, 1]], [[1, 5], [5, 9]], [[5], [1]]])
def test_identifiers_out_of_order_are_a_fault_and_change_nothing(empty: Folders, given: list[list[int]]) -> None:
    with open_vault(empty.vault) as vault:
        vault.enrol("whole", np.array([3], dtype=np.int64))
        before = (empty.vault / "whole.register").read_bytes()
        with pytest.raises(ValueError, match="must rise"):
            vault.enrol_sorted("whole", [np.array(one, dtype=np.int64) for one in given])
        assert (empty.vault / "whole.register").read_bytes() == before
        assert not list(empty.vault.glob(".*"))


def test_two_that_draw_the_same_number_are_never_kept(empty: Folders, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "_drawn", lambda count: np.zeros(count, dtype=np.int64))
    with open_vault(empty.vault) as vault:
        vault.enrol("whole", np.array([3], dtype=np.int64))
        with pytest.raises(Unavailable, match="drawn again"):
            vault.enrol("whole", np.array([4], dtype=np.int64))
        assert vault.register("whole").identifiers.tolist() == [3]


def test_nobody_new_writes_nothing(empty: Folders) -> None:
    with open_vault(empty.vault) as vault:
        vault.enrol("whole", np.arange(1, 50))
        before = (empty.vault / "whole.register").stat().st_mtime_ns
        assert vault.enrol_sorted("whole", [np.arange(10, 20)]) == 0
        assert (empty.vault / "whole.register").stat().st_mtime_ns == before


def test_memory_is_bounded_by_eight_bytes_a_person_and_a_few_pieces(empty: Folders) -> None:
    """Three million persons over one million known: at sixteen bytes each, held whole, they would be 64 MB and their seal twice that."""
    with open_vault(empty.vault) as vault:
        vault.enrol_sorted("whole", (np.arange(start, start + 100_000) for start in range(1, 1_000_000, 100_000)))
        tracemalloc.start()
        new = vault.enrol_sorted("whole", (np.arange(start, start + 100_000) for start in range(1, 4_000_000, 100_000)))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert new == 3_000_000
        assert peak < 4_000_000 * 16 + 40e6, f"{peak / 1e6:.0f} MB"
        assert sum(len(one.numbers) for one in vault.persons("whole")) == 4_000_000


def sealed(tmp_path: Path, name: str = "a.register", frames: tuple[bytes, ...] = (b"one", b"two", b"three")) -> Path:
    path = tmp_path / name
    write_sealed(path, frames, master=MASTER, key_version=3)
    return path


def test_frames_come_back_and_the_key_version_with_them(tmp_path: Path) -> None:
    path = sealed(tmp_path)
    assert list(read_sealed(path, {3: MASTER}.__getitem__)) == [b"one", b"two", b"three"]
    assert key_version_of(path) == 3
    assert not list(read_sealed(sealed(tmp_path, frames=()), lambda _: MASTER))
    assert path.stat().st_mode & 0o777 == 0o600


def test_every_byte_changed_and_every_cut_is_noticed(tmp_path: Path) -> None:
    path = sealed(tmp_path)
    body = path.read_bytes()
    for place in range(len(body)):
        path.write_bytes(body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :])
        with pytest.raises(Altered):
            list(read_sealed(path, lambda _: MASTER))
        path.write_bytes(body[:place])
        with pytest.raises(Altered):
            list(read_sealed(path, lambda _: MASTER))
    path.write_bytes(body + b"\0")
    with pytest.raises(Altered):
        list(read_sealed(path, lambda _: MASTER))


def test_frames_exchanged_or_doubled_or_of_another_file_are_noticed(tmp_path: Path) -> None:
    path, other = sealed(tmp_path, frames=(b"one", b"two")), sealed(tmp_path, "b.register", frames=(b"one", b"two"))
    head, frame = 38, 4 + 3 + 16
    body, strange = path.read_bytes(), other.read_bytes()
    first, second, rest = body[head : head + frame], body[head + frame : head + 2 * frame], body[head + 2 * frame :]
    for changed in (
        body[:head] + second + first + rest,
        body[:head] + first + first + second + rest,
        body[:head] + first + rest,
        body[:head] + strange[head : head + frame] + second + rest,
        strange,
    ):
        path.write_bytes(changed)
        with pytest.raises(Altered):
            list(read_sealed(path, lambda _: MASTER))


def test_a_register_of_the_form_before_is_still_read_and_is_written_anew(empty: Folders) -> None:
    with open_vault(empty.vault):
        pass
    master, nonce, plain = (empty.vault / "key").read_bytes(), bytes(12), io.BytesIO()
    np.save(plain, np.array([[5, 9], [50, 90]], dtype=np.int64))
    seal = AESGCM(derive_key(master, "tre/vault"))
    (empty.vault / "old.register").write_bytes(nonce + seal.encrypt(nonce, plain.getvalue(), b"old.register"))
    with open_vault(empty.vault) as vault:
        assert vault.identifier_of("old", 90) == 9
        assert vault.enrol("old", np.array([7], dtype=np.int64)).identifiers.tolist() == [7]
        assert vault.register("old").identifiers.tolist() == [5, 7, 9]
        assert vault.register("old").numbers.tolist()[::2] == [50, 90]
    assert (empty.vault / "old.register").read_bytes().startswith(b"TRE sealed")
