"""Owns the vault: the master key, the register of persons (identifier to internal number), sealed at rest.

Only the honest broker's process opens it, and one at a time. Must never write an identifier in the clear, log one, or
give the register to anyone but the ingestion.
"""

import fcntl
import io
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from numpy.typing import NDArray

from tre.data.domain.pseudonym import KEY_BYTES, derive_key, project_key
from tre.data.engine.folders import write_whole
from tre.kernel.errors import Altered, Unavailable

_NONCE_BYTES = 12


@dataclass(frozen=True, kw_only=True)
class Register:
    """Persons of one namespace: `identifiers` in rising order, `numbers` beside them (63 bits, random, no two alike)."""

    identifiers: NDArray[np.int64]
    numbers: NDArray[np.int64]


_NO_PERSONS = Register(identifiers=np.empty(0, dtype=np.int64), numbers=np.empty(0, dtype=np.int64))


class Vault:
    """The opened vault: use `open_vault`."""

    def __init__(self, folder: Path, master: bytes) -> None:
        self._folder = folder
        self._master = master
        self._seal = AESGCM(derive_key(master, "tre/vault"))

    def project_key(self, project_id: str, *, key_version: int) -> bytes:
        """Return the key of one project's pseudonyms."""
        return project_key(self._master, project_id, key_version=key_version)

    def register(self, namespace: str) -> Register:
        """Return the persons known in `namespace`; raise `Altered` if the file was changed or belongs to another key."""
        path = self._path(namespace)
        if not path.exists():
            return _NO_PERSONS
        body = path.read_bytes()
        try:
            plain = self._seal.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], path.name.encode())
        except InvalidTag:
            sentence = f"The vault's register {path.name} cannot be opened with this key: stop, and restore both from the backup."
            raise Altered(sentence, code="data.vault.altered") from None
        both = np.load(io.BytesIO(plain), allow_pickle=False)
        return Register(identifiers=both[0], numbers=both[1])

    def enrol(self, namespace: str, identifiers: NDArray[np.int64]) -> Register:
        """Give each identifier that is new a random internal number; return the whole register, kept on disk.

        Enrolling the same again changes nothing, so that a load that was killed can be begun anew.
        """
        known = self.register(namespace)
        new = np.setdiff1d(identifiers, known.identifiers)
        if not len(new):
            return known
        both = np.stack(
            [np.concatenate([known.identifiers, new]), np.concatenate([known.numbers, _fresh(known.numbers, len(new))])]
        )
        both = both[:, np.argsort(both[0], kind="stable")]
        self._keep(namespace, both)
        return Register(identifiers=both[0], numbers=both[1])

    def _keep(self, namespace: str, both: NDArray[np.int64]) -> None:
        path = self._path(namespace)
        plain = io.BytesIO()
        np.save(plain, both, allow_pickle=False)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        write_whole(path, nonce + self._seal.encrypt(nonce, plain.getvalue(), path.name.encode()))

    def _path(self, namespace: str) -> Path:
        return self._folder / f"{namespace}.register"


@contextmanager
def open_vault(folder: Path) -> Iterator[Vault]:
    """Open the vault for this process alone, making its key at the first start.

    Raises:
        Unavailable: another process has it open, or the key can be read by other accounts.
        Altered: there are sealed registers and no key.
    """
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sentence = "The vault is open in another process: only one honest broker may run. Stop the other first."
            raise Unavailable(sentence, code="data.vault.in_use") from None
        yield Vault(folder, _master_key(folder))


def _master_key(folder: Path) -> bytes:
    path = folder / "key"
    if not path.exists():
        if any(folder.glob("*.register")):
            raise Altered("The vault's key file is gone: restore it from the backup.", code="data.vault.key_lost")
        write_whole(path, secrets.token_bytes(KEY_BYTES))
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Unavailable("The vault's key can be read by others: set its mode to 600.", code="data.vault.key_open")
    master = path.read_bytes()
    if len(master) != KEY_BYTES:
        raise Altered(f"The vault's key file is not {KEY_BYTES} bytes: restore it.", code="data.vault.altered")
    return master


def _fresh(taken: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return `count` random numbers of 63 bits, different from one another and from `taken`."""
    found = np.empty(0, dtype=np.int64)
    while len(found) < count:
        drawn = np.frombuffer(os.urandom(8 * (count - len(found))), dtype=np.uint64) >> np.uint64(1)
        found = np.setdiff1d(np.union1d(found, drawn.astype(np.int64)), taken)
    return np.random.default_rng(secrets.randbits(128)).permutation(found)
