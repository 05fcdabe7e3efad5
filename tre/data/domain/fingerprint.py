"""Owns the one hash by which the records know a manifest: of a version, a snapshot, a twin. Must never read a file."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def fingerprint(manifest: Mapping[str, Any]) -> str:
    """Return the SHA-256 (hex) of a manifest, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
