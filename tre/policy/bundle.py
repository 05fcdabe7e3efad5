"""Owns what the policy server runs on: the signed bundle, its configuration and the token. Must never run or ask the server.

The bundle holds the rules without their tests, and the token that alone may ask; its revision is the hash of the rules, so
that every recorded decision says by which rules it was taken. The folder is readable by the server's account alone.
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from tre.kernel.errors import Unavailable
from tre.plumbing.config import Config
from tre.policy.answers import BUNDLE

REGO = Path(__file__).parent / "rego"
SIGNING_KEY = "bundle_key"
BUILD_SECONDS = 60
SHORTEST_TOKEN = 32  # characters
_KEY_ID = "bundle"


def prepare(config: Config, *, opa: Path) -> str:
    """Write `run/opa` anew: bundle.tar.gz and config.yaml; return the bundle's revision.

    The files belong to whom the folder belongs to, readable by nobody else.

    Args:
        opa: the OPA binary, which builds and signs.

    Raises:
        Unavailable: a secret is missing, or the rules cannot be built.
    """
    folder = config.state / "run/opa"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sources, token, public_key = rules(REGO), _token(config), _public(config)
    with tempfile.TemporaryDirectory(dir=folder) as draft:
        _stage(sources, Path(draft) / "rules", token)
        _build(opa, Path(draft), key=config.state / "secrets" / SIGNING_KEY, revision=revision(sources))
        _write_settings(Path(draft) / "config.yaml", bundle=folder / "bundle.tar.gz", key=public_key)
        for name in ("bundle.tar.gz", "config.yaml"):
            _hand_over(Path(draft) / name, folder)
    return revision(sources)


def rules(folder: Path) -> Mapping[str, str]:
    """Return the rules: path below `folder` to text, tests left out."""
    paths = sorted(path for path in folder.rglob("*.rego") if not path.name.endswith("_test.rego"))
    return {path.relative_to(folder).as_posix(): path.read_text() for path in paths}


def revision(sources: Mapping[str, str]) -> str:
    """Return the first 16 hexadecimal digits of the SHA-256 over the rules' paths and texts."""
    return hashlib.sha256(json.dumps(sources, sort_keys=True).encode()).hexdigest()[:16]


def _stage(sources: Mapping[str, str], folder: Path, token: str) -> None:
    for name, text in sources.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "door").mkdir()
    (folder / "door/data.json").write_text(json.dumps({"token": token}))


def _build(opa: Path, draft: Path, *, key: Path, revision: str) -> None:
    command: list[str | Path] = [
        opa, "build", "--bundle", ".", "--signing-key", key.resolve(), "--revision", revision, "--output", "../bundle.tar.gz",
    ]  # fmt: skip
    rules = draft / "rules"
    done = subprocess.run(command, cwd=rules, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False)
    if done.returncode != 0:
        raise Unavailable(
            f"The policy cannot be built: {(done.stderr or done.stdout).strip()}", code="policy.not_built"
        )


def _token(config: Config) -> str:
    token = config.secret("opa_token")
    if len(token) < SHORTEST_TOKEN:
        raise Unavailable("The secret opa_token is too short to keep anybody out: remove it and start the TRE again.")
    return token


def _public(config: Config) -> str:
    key = load_pem_private_key(config.secret(SIGNING_KEY).encode(), password=None)
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _write_settings(path: Path, *, bundle: Path, key: str) -> None:
    """Write the server's configuration; JSON is YAML too."""
    settings: dict[str, Any] = {
        "bundles": {BUNDLE: {"resource": bundle.resolve().as_uri(), "signing": {"keyid": _KEY_ID}}},
        "keys": {_KEY_ID: {"algorithm": "RS256", "key": key}},
        "decision_logs": {"console": False},  # a log would hold the questions; the record of the TRE is its audit table
    }
    path.write_text(json.dumps(settings, indent=1))


def _hand_over(draft: Path, folder: Path) -> None:
    draft.chmod(0o600)
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(draft, owner.st_uid, owner.st_gid)
    shutil.move(draft, folder / draft.name)
