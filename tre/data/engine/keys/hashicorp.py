"""Owns keys kept by HashiCorp Vault, through `hvac`: in its key-value store, or wrapped by its transit engine.

Must never keep the plain key anywhere but in this process, nor repeat what the server answered: an error may hold it.
"""

import base64
import secrets
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import hvac
import requests
from hvac.exceptions import InvalidPath, InvalidRequest, VaultError

from tre.data.domain.pseudonym import KEY_BYTES
from tre.data.engine.folders import write_whole
from tre.data.engine.keys.file import require_closed
from tre.data.engine.keys.provider import lost, require_key
from tre.kernel.errors import Altered, Unavailable

Answer = TypeVar("Answer")
_ANSWER_SECONDS = 10


def connect(url: str, token_file: Path, *, certificates: str = "") -> hvac.Client:
    """Return a client whose token is read from a file, as Vault Agent's auto-auth writes it.

    Args:
        certificates: file of the authority that signed the server's certificate; empty for the system's.

    Raises:
        Unavailable: the token cannot be read, or can be read by others.
    """
    try:
        require_closed(token_file.lstat(), "The token for HashiCorp Vault")
        token = token_file.read_text().strip()
    except OSError:
        sentence = "The token for HashiCorp Vault cannot be read: set TRE_HASHICORP_TOKEN_FILE, and have it renewed."
        raise Unavailable(sentence, code="data.vault.no_token") from None
    return hvac.Client(url=url, token=token, verify=certificates or True, timeout=_ANSWER_SECONDS)


class KvKeys:
    """One secret of the key-value store (version 2), whose fields are `1`, `2` and so on: keys in base64.

    Fields rather than the store's own versions: those are dropped after ten.
    """

    def __init__(self, client: hvac.Client, *, mount: str, path: str) -> None:
        self._kv, self._place = client.secrets.kv.v2, {"mount_point": mount, "path": path}

    def versions(self) -> tuple[int, ...]:
        """Return the secret's fields."""
        return tuple(sorted(int(one) for one in self._read()[0] if one.isdecimal()))

    def master(self, version: int) -> bytes:
        """Return one version's key."""
        found = self._read()[0].get(str(version))
        if found is None:
            raise lost(version)
        return require_key(_plain(found), version)

    def make(self, version: int) -> None:
        """Add a random key; refused by the store if another did so in between."""
        fields, at = self._read()
        if str(version) in fields:
            return
        made = {**fields, str(version): base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}
        _ask(lambda: self._kv.create_or_update_secret(secret=made, cas=at, **self._place))

    def _read(self) -> tuple[Mapping[str, str], int]:
        """Return the secret's fields and the store's own version of it; none and 0 where there is no secret yet."""
        try:
            found: Any = _ask(lambda: self._kv.read_secret_version(raise_on_deleted_version=True, **self._place))
        except _NoSuchPath:
            return {}, 0
        return found["data"]["data"], int(found["data"]["metadata"]["version"])


class TransitKeys:
    """Keys that the transit engine made and wrapped: the wrapped form lies in the vault's folder, `wrapped-key.1` and so on.

    The server's own key never leaves it: without the server's yes the files are of no use.
    """

    def __init__(self, client: hvac.Client, folder: Path, *, mount: str, name: str) -> None:
        self._transit, self._folder = client.secrets.transit, folder
        self._place = {"mount_point": mount, "name": name}
        self._unwrap = cache(self._unwrapped)

    def versions(self) -> tuple[int, ...]:
        """Return the versions whose wrapped form is there."""
        found = (path.suffix.removeprefix(".") for path in self._folder.glob("wrapped-key.*"))
        return tuple(sorted(int(one) for one in found if one.isdecimal()))

    def master(self, version: int) -> bytes:
        """Return one version's key, unwrapped by the server once in this process's life."""
        return self._unwrap(version)

    def make(self, version: int) -> None:
        """Have the server make and wrap a key; only the wrapped form is kept."""
        if version in self.versions():
            return
        try:
            made: Any = _ask(lambda: self._transit.generate_data_key(key_type="wrapped", bits=256, **self._place))
        except _NoSuchPath:
            raise _refused() from None
        write_whole(self._path(version), made["data"]["ciphertext"].encode())

    def _unwrapped(self, version: int) -> bytes:
        try:
            wrapped = self._path(version).read_text()
        except FileNotFoundError:
            raise lost(version) from None
        try:
            found: Any = _ask(lambda: self._transit.decrypt_data(ciphertext=wrapped, **self._place))
        except _NoSuchPath:
            raise _refused() from None
        return require_key(_plain(found["data"]["plaintext"]), version)

    def _path(self, version: int) -> Path:
        return self._folder / f"wrapped-key.{version}"


class _NoSuchPath(Exception):
    """There is nothing at that path."""


def _ask(question: Callable[[], Answer]) -> Answer:
    """Ask the server; its own words are never repeated."""
    try:
        return question()
    except InvalidPath:
        raise _NoSuchPath from None
    except InvalidRequest:
        raise _refused() from None
    except (VaultError, requests.RequestException) as error:
        sentence = f"HashiCorp Vault does not answer or does not let the broker in ({type(error).__name__}): see to it."
        raise Unavailable(sentence, code="data.vault.no_answer") from None


def _refused() -> Unavailable:
    sentence = "HashiCorp Vault refused what the broker asked of the key: compare mount, path and policy with the operator's page."
    return Unavailable(sentence, code="data.vault.refused")


def _plain(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise Altered("What HashiCorp Vault holds is not a key: restore it.", code="data.vault.altered") from None
