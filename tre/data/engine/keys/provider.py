"""Owns the interface of a key provider, and what a key must look like. Must never know a provider."""

from typing import Protocol

from tre.data.domain.pseudonym import KEY_BYTES
from tre.kernel.errors import Altered


class KeyProvider(Protocol):
    """Where the master key is kept."""

    def versions(self) -> tuple[int, ...]:
        """Return the versions that there are, rising; none before the first start."""
        ...

    def master(self, version: int) -> bytes:
        """Return the 32 bytes of one version.

        Raises:
            Altered: that version is gone, or is not a key.
            Unavailable: it can be read by others, or the provider does not answer.
        """
        ...

    def make(self, version: int) -> None:
        """Make the next version; one that is there already stays as it is.

        Raises:
            Invalid: this provider's keys are made by people, and it is not there yet.
            Unavailable: the provider does not answer.
        """
        ...


def require_key(found: bytes, version: int) -> bytes:
    """Return `found` if it has the length of a key; raise `Altered`."""
    if len(found) != KEY_BYTES:
        sentence = f"Version {version} of the vault's key is not {KEY_BYTES} bytes: restore it."
        raise Altered(sentence, code="data.vault.altered")
    return found


def lost(version: int) -> Altered:
    """Return the error for a version that is not there."""
    return Altered(
        f"Version {version} of the vault's key is gone: restore it from the backup.", code="data.vault.key_lost"
    )
