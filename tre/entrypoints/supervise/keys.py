"""Owns the installation's secrets: made once, each readable by exactly the accounts that need it. Must never print or log one.

Where two accounts need the same secret each has a copy of its own; hub and command line run as root and read all.
The broker makes the vault's key itself, so that no other account ever held it.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tre.entrypoints.supervise.accounts import SHARED_GROUP, Owner

SECRET_BYTES = 32
RSA_BITS = 3072
_PORTAL, _IDP = Owner("tre-portal"), Owner("tre-idp")


@dataclass(frozen=True)
class Secret:
    """One random secret, 32 bytes as hexadecimal text.

    Args:
        name: file in `secrets/`.
        owner, mode: who may read it.
        copies: further files, below the state folder, and their owners.
    """

    name: str
    owner: Owner = field(default_factory=Owner)
    mode: int = 0o600
    copies: Mapping[str, Owner] = field(default_factory=dict)


SECRETS = (
    Secret("proxy_token", _PORTAL),
    Secret("portal_hub_token", _PORTAL, copies={"secrets/hub_portal_token": Owner()}),
    Secret("plan_key", _PORTAL),
    # Portal and broker ask with it; root hands it to the policy server.
    Secret("opa_token", Owner("root", SHARED_GROUP), 0o640),
    Secret("oidc_portal_secret", _PORTAL, copies={"idp/oidc_portal_secret": _IDP}),
    Secret("oidc_hub_secret", copies={"idp/oidc_hub_secret": _IDP, "secrets/hub_client": Owner()}),
    Secret("session_secret", _PORTAL),
    Secret("hub_cookie"),
)
BUNDLE_KEY, BUNDLE_PUBLIC_KEY = "bundle_key", "bundle_key.pub"


def make_secrets(state: Path) -> None:
    """Make what is missing; what is there stays as it is, with its owner and mode put right."""
    for secret in SECRETS:
        text = _keep(state / "secrets" / secret.name, secrets.token_hex(SECRET_BYTES), secret.owner, secret.mode)
        for place, owner in secret.copies.items():
            _write(state / place, text, owner, 0o600)
    _make_bundle_key(state / "secrets")


def _make_bundle_key(folder: Path) -> None:
    private, public = folder / BUNDLE_KEY, folder / BUNDLE_PUBLIC_KEY
    if private.exists() and public.exists():
        return
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    shown = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _write(public, shown.decode(), Owner(), 0o644)
    _write(private, plain.decode(), Owner(), 0o600)


def _keep(path: Path, fresh: str, owner: Owner, mode: int) -> str:
    if not path.exists():
        _write(path, fresh, owner, mode)
    os.chown(path, *owner.ids())
    path.chmod(mode)
    return path.read_text()


def _write(path: Path, text: str, owner: Owner, mode: int) -> None:
    """Write a file whole or not at all, never readable by others on the way."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    os.chown(draft, *owner.ids())
    draft.chmod(mode)
    draft.replace(path)
