"""Owns the form of a sealed file: frames under AES-256-GCM, written and read one after another. Must never hold more than one.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015; as in age and Tink): a key for each file, from the master
key and sixteen random bytes in the file's head; a nonce that counts the frames and marks the last. A frame that was changed,
left out, doubled, exchanged with another's or cut off at the end does not open, nor a file under another's name.
"""

import os
import secrets
import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tre.data.domain.pseudonym import derive_key
from tre.data.engine.folders import flush
from tre.kernel.errors import Altered

MAGIC = b"TRE sealed file 1\n"
MasterKey = Callable[[int], bytes]
_HEAD = struct.Struct(f">{len(MAGIC)}sI16s")
_LENGTH = struct.Struct(">I")
_MOST_BYTES = 2**30
_MORE, _LAST = 0, 1


def write_sealed(path: Path, frames: Iterable[bytes], *, master: bytes, key_version: int) -> None:
    """Write `frames` to `path`, which is there whole or not at all; readable by its owner alone.

    Whatever goes wrong while `frames` are made leaves the file that was there before.
    """
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            _write(file, path.name, frames, master=master, key_version=key_version)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.rename(path)
    flush(path.parent)


def read_sealed(path: Path, master: MasterKey) -> Iterator[bytes]:
    """Yield the frames of a file.

    Args:
        master: gives the master key of a version.

    Raises:
        Altered: the file was changed, cut off or renamed, or belongs to another key. What was yielded before is as it was
            written, but do not keep what came of it.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
        if len(head) != _HEAD.size or not head.startswith(MAGIC):
            raise _altered(path)
        _, key_version, mark = _HEAD.unpack(head)
        seal, count = _seal(master(key_version), path.name, mark), 0
        while (frame := _next(file, path)) is not None:
            last = len(frame) == _TAG_BYTES and not file.read(1)
            try:
                plain = seal.decrypt(_nonce(count, _LAST if last else _MORE), frame, head)
            except InvalidTag:
                raise _altered(path) from None
            if last:
                return
            yield plain
            count += 1
    raise _altered(path)


def key_version_of(path: Path) -> int:
    """Return the version of the master key that a file is sealed under; 1 for a file of the form before this one."""
    with path.open("rb") as file:
        head = file.read(_HEAD.size)
    return int(_HEAD.unpack(head)[1]) if head.startswith(MAGIC) and len(head) == _HEAD.size else 1


_TAG_BYTES = 16


def _write(file: BinaryIO, name: str, frames: Iterable[bytes], *, master: bytes, key_version: int) -> None:
    mark = secrets.token_bytes(16)
    head = _HEAD.pack(MAGIC, key_version, mark)
    seal, count = _seal(master, name, mark), 0
    file.write(head)
    for plain in frames:
        if plain:  # an empty frame is the end's own
            _put(file, seal.encrypt(_nonce(count, _MORE), plain, head))
            count += 1
    _put(file, seal.encrypt(_nonce(count, _LAST), b"", head))


def _put(file: BinaryIO, frame: bytes) -> None:
    file.write(_LENGTH.pack(len(frame)))
    file.write(frame)


def _next(file: BinaryIO, path: Path) -> bytes | None:
    length = file.read(_LENGTH.size)
    if not length:
        return None
    if len(length) != _LENGTH.size or not _TAG_BYTES <= (size := _LENGTH.unpack(length)[0]) <= _MOST_BYTES:
        raise _altered(path)
    frame = file.read(size)
    if len(frame) != size:
        raise _altered(path)
    return frame


def _seal(master: bytes, name: str, mark: bytes) -> AESGCM:
    return AESGCM(derive_key(master, f"tre/vault/{name}/{mark.hex()}"))


def _nonce(count: int, kind: int) -> bytes:
    return count.to_bytes(11, "big") + bytes([kind])


def _altered(path: Path) -> Altered:
    sentence = (
        f"The vault's register {path.name} cannot be opened with this key: stop, and restore both from the backup."
    )
    return Altered(sentence, code="data.vault.altered")
