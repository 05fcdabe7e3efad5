"""Owns which provider the settings choose. Must never open the vault."""

from pathlib import Path

from tre.data.engine.keys.environment import EnvironmentKeys
from tre.data.engine.keys.file import FileKeys
from tre.data.engine.keys.provider import KeyProvider
from tre.plumbing.config import Config


def chosen_keys(config: Config, folder: Path) -> KeyProvider:
    """Return the provider that `TRE_KEY_PROVIDER` names.

    Args:
        folder: the vault's.

    Raises:
        Unavailable: the provider's token cannot be read.
    """
    match config.key_provider:
        case "file":
            return FileKeys(folder)
        case "environment":
            return EnvironmentKeys()
        case _:
            return _hashicorp(config, folder)


def _hashicorp(config: Config, folder: Path) -> KeyProvider:
    from tre.data.engine.keys.hashicorp import KvKeys, TransitKeys, connect  # its libraries are needed here alone

    client = connect(config.hashicorp_url, config.hashicorp_token_file, certificates=config.hashicorp_certificates)
    if config.key_provider == "hashicorp-kv":
        return KvKeys(client, mount=config.hashicorp_mount or "secret", path=config.hashicorp_path)
    return TransitKeys(client, folder, mount=config.hashicorp_mount or "transit", name=config.hashicorp_path)
