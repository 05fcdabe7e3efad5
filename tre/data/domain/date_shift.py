"""Owns by how many days a person's dates are shifted: derived from the project's key, one shift a person. Must never hold a key.

The same person has another shift in each project, and the same in each refresh of one; intervals between a person's dates
stay. One AES block a person under a key of its own, taken modulo the number of shifts there are.
"""

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from tre.data.domain.pseudonym import Space, derive_key

PURPOSE = "tre/date shift"


def shift_days(numbers: NDArray[np.integer], key: bytes, *, space: Space, most: int) -> NDArray[np.int32]:
    """Return each person's shift in days, from -`most` to `most`.

    Args:
        numbers: internal numbers, any order.
        key: the project's.
        space: what the numbers count.
        most: the largest shift either way; 0 shifts nobody.
    """
    if not most:
        return np.zeros(len(numbers), dtype=np.int32)
    blocks = np.empty((len(numbers), 2), dtype=">u8")
    blocks[:, 0] = space.tag
    blocks[:, 1] = numbers
    cipher = Cipher(algorithms.AES(derive_key(key, PURPOSE)), modes.ECB()).encryptor()  # noqa: S305 - no block repeats
    sealed = np.frombuffer(cipher.update(blocks.data.cast("B")), dtype=">u8").reshape(-1, 2)
    return ((sealed[:, 0] % np.uint64(2 * most + 1)).astype(np.int64) - most).astype(np.int32)
