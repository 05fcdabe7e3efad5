"""Owns the folder of certificates, each file named by its own SHA-256. Must never trust a name from outside, nor overwrite."""

import hashlib
import os
from pathlib import Path

from tre.kernel.errors import Altered

_GONE = "The certificate is not what was handed in. Nothing was shown: tell the people who run this service."


def keep(folder: Path, content: bytes) -> str:
    """Store `content`; return its SHA-256. Storing the same bytes again changes nothing."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = folder / sha256
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = folder / f".{sha256}.{os.getpid()}.{os.urandom(4).hex()}"
        draft.write_bytes(content)
        draft.chmod(0o600)
        draft.replace(path)
    return sha256


def fetch(folder: Path, sha256: str) -> bytes:
    """Return the bytes stored under a hash; raise `Altered` when they are gone or no longer have it."""
    try:
        content = (folder / sha256).read_bytes()
    except OSError as error:
        raise Altered(_GONE, code="people.certificate.gone") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Altered(_GONE, code="people.certificate.altered")
    return content
