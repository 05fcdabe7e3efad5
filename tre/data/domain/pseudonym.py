"""Owns pseudonyms: a keyed permutation of the internal number under a key of the project's own. Must never hold a key.

One AES block per person or record: eight bytes that name the space (namespace, person or record) and eight bytes of
number, encrypted under a key that HKDF-SHA-256 (RFC 5869) derives from the master key for one project and one key
version. AES is a permutation, so no two share a pseudonym; without the key it cannot be turned back, nor two projects'
pseudonyms be matched; with the key it can, and a made-up pseudonym shows itself by its wrong first eight bytes.
Each block is encrypted alone (ECB) on purpose: no block ever repeats, so equal blocks reveal nothing.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from numpy.typing import NDArray

from tre.data.domain.letters import BLOCK_BYTES, LENGTH, read_letters, write_letters
from tre.kernel.errors import Invalid
from tre.kernel.patterns import PSEUDONYM_PATTERN

__all__ = [
    "LENGTH",
    "PSEUDONYM_PATTERN",
    "Space",
    "derive_key",
    "internal_number",
    "internal_numbers",
    "persons_of",
    "project_key",
    "pseudonyms",
    "records_of",
]

KEY_BYTES = 32
_ROWS_AT_ONCE = 32_768
"""As many as a core's own cache holds, with the letters made of them."""


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


def pseudonyms(numbers: NDArray[np.integer], key: bytes, *, space: Space) -> NDArray[np.bytes_]:
    """Return the pseudonym of each internal number as ASCII text of 27 characters.

    Args:
        numbers: internal numbers (whole, 0 or more), any order, no repeats needed.
        key: from `project_key`.
        space: what the numbers count.
    """
    out = np.empty(len(numbers), dtype=f"S{LENGTH}")
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - the module's docstring says why
    for start in range(0, len(numbers), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        sealed = cipher.update(_blocks(numbers[rows], space).data.cast("B"))
        out[rows] = write_letters(np.frombuffer(sealed, dtype=">u8").reshape(-1, 2), space.letter)
    return out


def internal_numbers(
    texts: NDArray[np.bytes_], key: bytes, *, space: Space
) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Return the internal number behind each pseudonym, and whether it is one: the broker's alone to call.

    A text that was not made with this key for this space has False beside it, and a number that means nothing.
    """
    numbers = np.empty(len(texts), dtype=np.uint64)
    cipher = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305 - as above
    for start in range(0, len(texts), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        opened = cipher.update(read_letters(texts[rows]).astype(">u8").data.cast("B"))
        numbers[rows] = np.frombuffer(opened, dtype=">u8").reshape(-1, 2)[:, 1]
    return numbers, pseudonyms(numbers, key, space=space) == texts


def internal_number(pseudonym: str, key: bytes, *, space: Space) -> int:
    """Return the internal number behind one pseudonym: the broker's alone to call.

    Raises:
        Invalid: it was not made with this key for this space.
    """
    text = pseudonym.encode(errors="replace")
    numbers, ours = internal_numbers(np.array([text], dtype=f"S{LENGTH}"), key, space=space)
    if len(text) != LENGTH or not ours[0]:
        raise Invalid(
            {"pseudonym": "This is not a pseudonym of that project: check the project and the spelling."},
            code="data.pseudonym.unknown",
        )
    return int(numbers[0])


def _blocks(numbers: NDArray[np.integer], space: Space) -> NDArray[np.uint64]:
    """Return one block a number: eight bytes that name the space, eight bytes of number."""
    blocks = np.empty((len(numbers), BLOCK_BYTES // 8), dtype=">u8")
    blocks[:, 0] = space.tag
    blocks[:, 1] = numbers
    return blocks
