"""Where the vault's master key comes from: one small interface, and the providers that fill it. Must never log or show a key.

A key has versions that count up from 1. The newest makes new pseudonyms; the older ones stay, because the snapshots made
with them are still read and their pseudonyms still turned back.
"""

from tre.data.engine.keys.choosing import chosen_keys
from tre.data.engine.keys.environment import EnvironmentKeys
from tre.data.engine.keys.file import FileKeys
from tre.data.engine.keys.provider import KeyProvider

__all__ = ["EnvironmentKeys", "FileKeys", "KeyProvider", "chosen_keys"]
