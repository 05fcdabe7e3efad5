"""Owns keys in the broker's environment, as container platforms and service managers hand out secrets. Must never make one."""

import base64
import binascii
import os
from collections.abc import Mapping

from tre.data.engine.keys.provider import lost, require_key
from tre.kernel.errors import Altered, Invalid

_PREFIX = "TRE_VAULT_KEY_"


class EnvironmentKeys:
    """`TRE_VAULT_KEY_1`, `TRE_VAULT_KEY_2` and so on: 32 bytes in base64.

    They are no settings: a setting goes to every part, a key to the broker's process alone.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment

    def versions(self) -> tuple[int, ...]:
        """Return the versions that are set."""
        names = (name.removeprefix(_PREFIX) for name in self._environment if name.startswith(_PREFIX))
        return tuple(sorted(int(one) for one in names if one.isdecimal() and int(one) > 0))

    def master(self, version: int) -> bytes:
        """Return one version's key."""
        text = self._environment.get(f"{_PREFIX}{version}")
        if text is None:
            raise lost(version)
        try:
            return require_key(base64.b64decode(text, validate=True), version)
        except binascii.Error:
            sentence = f"{_PREFIX}{version} is not base64: set it to 32 random bytes written so."
            raise Altered(sentence, code="data.vault.altered") from None

    def make(self, version: int) -> None:
        """Refuse: only whoever sets the environment can."""
        if version not in self.versions():
            sentence = (
                f"Set {_PREFIX}{version} for the broker to 32 random bytes in base64, start it again, and repeat."
            )
            raise Invalid({f"{_PREFIX}{version}": sentence}, code="data.vault.key_not_set")
