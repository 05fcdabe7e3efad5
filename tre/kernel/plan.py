"""Owns the mount plan that the portal hands to the hub, and its seal. Must never mount or start anything.

The seal is HMAC-SHA-256 (RFC 2104) over the plan's JSON: the hub starts a workspace only for a plan that the portal
sealed within the last minute, so nobody who can merely speak to the hub can choose what is mounted.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass, fields

from tre.kernel.errors import NotPermitted

VALID_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class MountPlan:
    """What a workspace gets, and nothing else.

    Args:
        project_uid: OS uid outside the sandbox (70000 + project number).
        snapshot_dir: absolute folder mounted read-only at /data.
        workspace_dir: absolute folder mounted at /workspace.
        session_token: bearer token for the session API.
        memory_bytes, processes, cpus: bounds of the session.
        file_bytes: size of the largest file that can be written in it; 0 where that is not bounded.
        expires_at: Unix seconds after which the plan is refused.
    """

    session_id: str
    person_id: str
    project_id: str
    project_uid: int
    snapshot_dir: str
    workspace_dir: str
    session_token: str
    memory_bytes: int
    processes: int
    cpus: float
    expires_at: int
    file_bytes: int = 0


def seal(plan: MountPlan, key: bytes) -> str:
    """Return the plan as text `body.mac`, both base64url."""
    body = base64.urlsafe_b64encode(json.dumps(asdict(plan), sort_keys=True).encode())
    return f"{body.decode()}.{_mac(body, key)}"


def open_sealed(text: str, key: bytes, *, now: float) -> MountPlan:
    """Return the plan in `text`.

    Args:
        now: Unix seconds.

    Raises:
        NotPermitted: the seal is not ours, the plan is out of date, or it is not whole.
    """
    body, _, mac = text.partition(".")
    if not hmac.compare_digest(_mac(body.encode(), key).encode(), mac.encode()):
        raise NotPermitted(["sessions.plan.not_sealed"], sentences=["Workspaces are opened from the project's page."])
    plan = _read(body)
    if not now <= plan.expires_at <= now + VALID_SECONDS:
        raise NotPermitted(["sessions.plan.expired"], sentences=["That permission is out of date: open it again."])
    return plan


def _read(body: str) -> MountPlan:
    values = json.loads(base64.urlsafe_b64decode(body))
    if set(values) != {field.name for field in fields(MountPlan)}:
        raise NotPermitted(
            ["sessions.plan.not_whole"], sentences=["The portal and the hub differ in version: restart both."]
        )
    return MountPlan(**values)


def _mac(body: bytes, key: bytes) -> str:
    return base64.urlsafe_b64encode(hmac.digest(key, body, hashlib.sha256)).decode()
