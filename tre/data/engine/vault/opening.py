"""Owns the opened vault: which registers there are, how they are sealed, and that one process alone has it open.

Must never keep a key on disk: the key's provider does.
"""

import fcntl
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from numpy.typing import NDArray

from tre.data.domain.pseudonym import derive_key, project_key
from tre.data.engine.keys import FileKeys, KeyProvider
from tre.data.engine.vault.registers import NO_PERSONS, PIECE, Merge, Register
from tre.data.engine.vault.sealed import MAGIC, key_version_of, read_sealed, write_sealed
from tre.kernel.errors import Altered, Unavailable

_SUFFIX = ".register"
_NAMES = ".names"
_NONCE_BYTES = 12


class Vault:
    """The opened vault: use `open_vault`."""

    def __init__(self, folder: Path, keys: KeyProvider) -> None:
        self._folder = folder
        self._keys = keys

    @property
    def key_version(self) -> int:
        """Newest version of the master key: registers are sealed under it, and new snapshots made with it."""
        return max(self._keys.versions())

    def project_key(self, project_id: str, *, key_version: int) -> bytes:
        """Return the key of one project's pseudonyms; raise `Altered` where that version of the master key is gone."""
        return project_key(self._keys.master(key_version), project_id, key_version=key_version)

    def namespaces(self) -> tuple[str, ...]:
        """Return the namespaces that persons are registered in."""
        return tuple(sorted(path.name.removesuffix(_SUFFIX) for path in self._folder.glob(f"*{_SUFFIX}")))

    def persons(self, namespace: str) -> Iterator[Register]:
        """Yield the persons known in `namespace`, a piece at a time, in rising order of identifier.

        Raises:
            Altered: the file was changed or belongs to another key.
        """
        path = self._path(namespace)
        if not path.exists():
            return
        if not _is_sealed(path):
            yield self._old_form(path)
            return
        for frame in read_sealed(path, self._keys.master):
            both = np.frombuffer(frame, dtype="<i8").reshape(2, -1)
            yield Register(identifiers=both[0], numbers=both[1])

    def register(self, namespace: str) -> Register:
        """Return all persons known in `namespace` at once."""
        pieces = [NO_PERSONS, *self.persons(namespace)]
        return Register(
            identifiers=np.concatenate([one.identifiers for one in pieces]),
            numbers=np.concatenate([one.numbers for one in pieces]),
        )

    def enrol_sorted(self, namespace: str, identifiers: Iterable[NDArray[np.int64]]) -> int:
        """Give each identifier that is new a random internal number, kept on disk; return how many were new.

        Enrolling the same again changes nothing, so that a load that was killed can be begun anew. Memory does not grow
        with the arrays' number, but for eight bytes a person.

        Args:
            identifiers: arrays that follow one another in rising order, no two alike.
        """
        merge = Merge(self.persons(namespace), identifiers)
        try:
            self._keep(namespace, _only_where_new(merge))
        except _NothingNew:
            return 0
        return merge.new

    def enrol(self, namespace: str, identifiers: NDArray[np.int64]) -> Register:
        """Enrol identifiers in any order; return them, rising, with their numbers."""
        asked = np.unique(identifiers)
        self.enrol_sorted(namespace, (asked[start : start + PIECE] for start in range(0, len(asked), PIECE)))
        pieces = [NO_PERSONS, *(piece.only(asked) for piece in self.persons(namespace))]
        return Register(
            identifiers=np.concatenate([one.identifiers for one in pieces]),
            numbers=np.concatenate([one.numbers for one in pieces]),
        )

    def identifier_of(self, namespace: str, number: int) -> int | None:
        """Return the identifier behind an internal number, or None: for a re-identification that two persons said yes to."""
        for piece in self.persons(namespace):
            found = piece.identifiers[piece.numbers == number]
            if len(found):
                return int(found[0])
        return None

    def keep_names(self, namespace: str, source: str, pieces: Iterable[NDArray[np.int64]]) -> None:
        """Keep marks of the words of persons' names, sealed, in place of those kept from the same source before.

        Args:
            source: table that they came with, as DATASET.TABLE.
            pieces: internal numbers in the first row, a mark of a word in the second.
        """
        newest = self.key_version
        frames = (one.astype("<i8").tobytes() for one in pieces)
        path = self._folder / f"{namespace}.{source}{_NAMES}"
        write_sealed(path, frames, master=self._keys.master(newest), key_version=newest)

    def names(self, namespace: str) -> Iterator[NDArray[np.int64]]:
        """Yield what is kept of the names of a namespace's persons, in pieces as `keep_names` took them.

        Raises:
            Altered: a file was changed or belongs to another key.
        """
        for path in sorted(self._folder.glob(f"{namespace}.*{_NAMES}")):
            for frame in read_sealed(path, self._keys.master):
                yield np.frombuffer(frame, dtype="<i8").reshape(2, -1)

    def renew_key(self, version: int) -> None:
        """Have the master key's version `version` made, and seal every register under it; a second call changes nothing.

        Raises:
            Unavailable: the provider cannot make one, or does not answer.
        """
        if version not in self._keys.versions():
            self._keys.make(version)
        for namespace in self.namespaces():
            if key_version_of(self._path(namespace)) != self.key_version:
                self._keep(namespace, self.persons(namespace))
        for path in self._folder.glob(f"*{_NAMES}"):
            if key_version_of(path) != self.key_version:
                frames = read_sealed(path, self._keys.master)
                write_sealed(path, frames, master=self._keys.master(self.key_version), key_version=self.key_version)

    def _keep(self, namespace: str, pieces: Iterable[Register]) -> None:
        newest = self.key_version
        frames = (np.stack([one.identifiers, one.numbers]).astype("<i8").tobytes() for one in pieces)
        write_sealed(self._path(namespace), frames, master=self._keys.master(newest), key_version=newest)

    def _old_form(self, path: Path) -> Register:
        """Read a register of one frame, as it was written before there were key versions."""
        body = path.read_bytes()
        seal = AESGCM(derive_key(self._keys.master(1), "tre/vault"))
        try:
            plain = seal.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], path.name.encode())
        except (InvalidTag, ValueError):
            sentence = f"The vault's register {path.name} cannot be opened with this key: stop, and restore both from the backup."
            raise Altered(sentence, code="data.vault.altered") from None
        both = np.load(io.BytesIO(plain), allow_pickle=False)
        return Register(identifiers=both[0], numbers=both[1])

    def _path(self, namespace: str) -> Path:
        return self._folder / f"{namespace}{_SUFFIX}"


@contextmanager
def open_vault(folder: Path, keys: KeyProvider | None = None) -> Iterator[Vault]:
    """Open the vault for this process alone, having its key made at the first start.

    Args:
        keys: where the master key is; a file in the vault's folder if nothing else is said.

    Raises:
        Unavailable: another process has it open, the key can be read by other accounts, or its provider does not answer.
        Altered: there are sealed registers and no key.
    """
    keys = keys or FileKeys(folder)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sentence = "The vault is open in another process: only one honest broker may run. Stop the other first."
            raise Unavailable(sentence, code="data.vault.in_use") from None
        vault = Vault(folder, keys)
        _have_a_key(vault, keys)
        yield vault


def _have_a_key(vault: Vault, keys: KeyProvider) -> None:
    if not keys.versions():
        if vault.namespaces():
            raise Altered("The vault's key is gone: restore it from the backup.", code="data.vault.key_lost")
        keys.make(1)
    for version in keys.versions():
        keys.master(version)


class _NothingNew(Exception):
    """The merge found nobody new: the register stays as it is."""


def _only_where_new(merge: Merge) -> Iterator[Register]:
    yield from merge.pieces()
    if not merge.new:
        raise _NothingNew


def _is_sealed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC
