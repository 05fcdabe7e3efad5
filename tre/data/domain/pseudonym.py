"""Owns pseudonyms: a keyed permutation of the internal number under a key of the project's own. Must never hold a key.

One AES block per person or record: eight bytes that name the space (namespace, person or record) and eight bytes of
number, encrypted under a key that HKDF-SHA-256 (RFC 5869) derives from the master key for one project and one key
version. AES is a permutation, so no two share a pseudonym; without the key it cannot be turned back, nor two projects'
pseudonyms be matched; with the key it can, and a made-up pseudonym shows itself by its wrong first eight bytes.
Each block is encrypted alone (ECB) on purpose: no block ever repeats, so equal blocks reveal nothing.
"""

import base64
import hashlib
from dataclasses import dataclass

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from numpy.typing import NDArray

from tre.kernel.errors import Invalid
from tre.kernel.patterns import PSEUDONYM_PATTERN

__all__ = [
    "PSEUDONYM_PATTERN",
    "Space",
    "derive_key",
    "internal_number",
    "persons_of",
    "project_key",
    "pseudonyms",
    "records_of",
]

KEY_BYTES = 32
LENGTH = 27
_BLOCK = 16
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_PAIRS = np.array([[one, two] for one in _ALPHABET for two in _ALPHABET], dtype=np.uint8).view(np.uint16).reshape(-1)
_ROWS_AT_ONCE = 4096


@dataclass(frozen=True, kw_only=True)
class Space:
    """What is numbered: persons of a namespace, or records under a key column of a dataset."""

    letter: str
    name: str

    @property
    def tag(self) -> int:
        """Eight bytes that stand for the space, as one number."""
        return int.from_bytes(hashlib.sha256(f"tre/space/{self.letter}/{self.name}".encode()).digest()[:8], "big")


def persons_of(namespace: str) -> Space:
    """Return the space of a namespace's persons."""
    return Space(letter="P", name=namespace)


def records_of(dataset: str, key: str) -> Space:
    """Return the space of a dataset's records under the key column `key`."""
    return Space(letter="R", name=f"{dataset}/{key}")


def derive_key(master: bytes, purpose: str) -> bytes:
    """Return the 32-byte key that the master key gives for `purpose` (HKDF-SHA-256; the purpose is its info)."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(master)


def project_key(master: bytes, project_id: str, *, key_version: int) -> bytes:
    """Return the key of one project's pseudonyms."""
    return derive_key(master, f"tre/pseudonym/{project_id}/{key_version}")


def pseudonyms(numbers: NDArray[np.uint64], key: bytes, *, space: Space) -> NDArray[np.bytes_]:
    """Return the pseudonym of each internal number as ASCII text of 27 characters.

    Args:
        numbers: internal numbers, any order, no repeats needed.
        key: from `project_key`.
        space: what the numbers count.
    """
    blocks = np.empty((len(numbers), 2), dtype=">u8")
    blocks[:, 0] = space.tag
    blocks[:, 1] = numbers
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - the module's docstring says why
    sealed = cipher.update(blocks.tobytes()) + cipher.finalize()
    return _text(np.frombuffer(sealed, dtype=np.uint8).reshape(-1, _BLOCK), space.letter)


def internal_number(pseudonym: str, key: bytes, *, space: Space) -> int:
    """Return the internal number behind a pseudonym: the broker's alone to call.

    Raises:
        Invalid: it was not made with this key for this space.
    """
    try:
        sealed = base64.b32decode(pseudonym[1:] + "======")
    except ValueError:
        sealed = b""
    if len(sealed) != _BLOCK or pseudonym[0] != space.letter:
        raise _not_ours()
    cipher = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305 - as above
    block = cipher.update(sealed) + cipher.finalize()
    if int.from_bytes(block[:8], "big") != space.tag:
        raise _not_ours()
    return int.from_bytes(block[8:], "big")


def _not_ours() -> Invalid:
    return Invalid(
        {"pseudonym": "This is not a pseudonym of that project: check the project and the spelling."},
        code="data.pseudonym.unknown",
    )


def _text(blocks: NDArray[np.uint8], letter: str) -> NDArray[np.bytes_]:
    """Return base32 (RFC 4648) of each 16-byte row behind `letter`: ten bits at a time, a cacheful of rows at once."""
    out = np.empty((len(blocks), LENGTH), dtype=np.uint8)
    out[:, 0] = ord(letter)
    for start in range(0, len(blocks), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        _letters(blocks[rows], out[rows])
    return out.reshape(-1).view(f"S{LENGTH}")


def _letters(blocks: NDArray[np.uint8], out: NDArray[np.uint8]) -> None:
    wide = np.zeros((_BLOCK + 2, len(blocks)), dtype=np.uint32)  # two bytes of zeros fill the last letter
    wide[:_BLOCK] = blocks.T
    for place in range(1, LENGTH, 2):
        byte, shift = divmod((place - 1) * 5, 8)
        three = (wide[byte] << 16) | (wide[byte + 1] << 8) | wide[byte + 2]
        out[:, place : place + 2] = _PAIRS[(three >> (14 - shift)) & 1023].view(np.uint8).reshape(-1, 2)
