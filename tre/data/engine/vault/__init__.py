"""The vault: the registers of persons (identifier to internal number), sealed at rest under the broker's key.

Only the honest broker's process opens it, and one at a time. Must never write an identifier in the clear, log one, or give
a register to anyone but the ingestion and the broker's own acts of re-identification and bridging.
"""

from tre.data.engine.vault.opening import Vault, open_vault
from tre.data.engine.vault.registers import Register

__all__ = ["Register", "Vault", "open_vault"]
