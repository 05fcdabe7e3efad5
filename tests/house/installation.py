"""A whole hub in a folder of its own: the real hub, the real proxy, real sandboxes; plans sealed as the portal seals them."""

import json
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.setup.paths import places
from tests.fakes.session_api import FakeSessionApi
from tests.house.notebook import Kernel
from tests.house.parts import Part, free_port, wait_until
from tests.house.snapshot import build_snapshot
from tests.house.unix_http import ask
from tre.kernel.plan import MountPlan, seal

CHECKOUT = Path(__file__).resolve().parents[2]
# A checkout may lie where no other account can go; what parts of other accounts read is copied, as the supervisor does.
RELEASED = ("tre", "infra/hub", "notebooks-image", "tests/house", "tests/benchmarks")
SECRETS = ("plan_key", "hub_cookie", "proxy_token", "hub_client", "hub_portal_token", "probe_token")
MEBIBYTE = 1024**2


@dataclass
class Workspace:
    """One running workspace."""

    house: "House"
    person: str
    project: str
    started_in: float

    @property
    def host(self) -> str:
        """Its host name and port, as a browser would call it."""
        return f"{self.person}.localhost:{self.house.front}"

    @property
    def base(self) -> str:
        """Its address on 127.0.0.1."""
        return f"http://127.0.0.1:{self.house.front}/workspaces/user/{self.person}/{self.project}/"

    def kernel(self) -> Kernel:
        """Start a kernel in it."""
        kernel = Kernel(self.base, host=self.host, token=self.house.secret("probe_token"))
        self.house.kernels.append(kernel)
        return kernel

    def record(self) -> dict[str, Any]:
        """Return the record of its sandbox."""
        found: dict[str, Any] = json.loads((self.folder() / "session.json").read_text())
        return found

    def folder(self) -> Path:
        """The folder of its socket, record and log."""
        state = self.house.hub("GET", f"users/{self.person}/servers/{self.project}")[1]
        assert json.loads(state)["ready"], state
        return self.house.folder_of(self.person, self.project)

    def stop(self) -> float:
        """Stop it; return the seconds it took."""
        start = time.monotonic()
        status, text = self.house.hub("DELETE", f"users/{self.person}/servers/{self.project}")
        assert status == 204, text
        return time.monotonic() - start


class House:
    """One installation for tests: start(), open() as often as you like, stop().

    Args:
        spawner: dotted name of another spawner, for benchmarks.
        uid: account of hub and proxy; None means that of the tests.
    """

    def __init__(self, *, spawner: str = "", uid: int | None = None) -> None:
        self.uid = uid
        self.state = Path(tempfile.mkdtemp(prefix="tre-"))
        self.front = free_port()
        self.places = places()
        self.uids: dict[str, int] = {}
        self.kernels: list[Kernel] = []
        self._make_state()
        proxy_api = free_port()
        self.environ = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(self.release),
            "TRE_STATE": str(self.state),
            "TRE_NOTEBOOK_ENV": str(self.places.notebook),
            "TRE_FRONT_PORT": str(self.front),
            "TRE_PROXY_API_PORT": str(proxy_api),
            "TRE_PORTAL_PORT": str(free_port()),
            "TEST_SPAWNER": spawner,
        }
        proxy = self.places.node_parts / "node_modules/configurable-http-proxy/bin/configurable-http-proxy"
        self.proxy = Part(
            [self.places.node, proxy, "--ip", "127.0.0.1", "--port", str(self.front), "--api-ip", "127.0.0.1",
             "--api-port", str(proxy_api), "--host-routing"],
            {"PATH": "/usr/bin:/bin", "CONFIGPROXY_AUTH_TOKEN": self.secret("proxy_token")},
            self.state / "logs/proxy.log", uid=uid,
        )  # fmt: skip
        hub: list[str | Path] = [sys.executable, "-m", "tre.hub", "-f", self.release / "tests/house/hub_config.py"]
        self.hub_part = Part(hub, self.environ, self.state / "logs/hub.log", uid=uid)
        self.session_api = FakeSessionApi(self.state / "run/session/session.sock")

    def start(self) -> "House":
        """Start the proxy, the session API and the hub; return when the hub answers."""
        self.session_api.start()
        self.proxy.start()
        self.start_hub()
        return self

    def start_hub(self) -> None:
        """Start the hub and wait until it answers through its own socket."""
        self.hub_part.start()
        wait_until(self._hub_answers, seconds=60, what=f"the hub answers (see {self.hub_part.log})")

    def kill_hub(self) -> None:
        """Kill the hub as a fault would: without a chance to end anything."""
        self.hub_part.end(signal.SIGKILL)

    def stop(self) -> None:
        """End all and remove the folder."""
        for kernel in self.kernels:
            kernel.channel.close()
        self.hub_part.end()
        self.proxy.end(signal.SIGKILL)
        self.session_api.stop()
        shutil.rmtree(self.state)

    def open(self, person: str, project: str, **changes: Any) -> Workspace:
        """Start the workspace of `person` in `project`, as the portal does; `changes` are fields of the plan."""
        start = time.monotonic()
        status, text = self.ask_to_open(person, project, **changes)
        assert status in (201, 202), f"{status} {text}"
        wait_until(lambda: self._is_ready(person, project), seconds=60, what="the workspace is ready")
        return Workspace(self, person, project, time.monotonic() - start)

    def ask_to_open(self, person: str, project: str, **changes: Any) -> tuple[int, str]:
        """Ask the hub to start a workspace; return its answer."""
        self.hub("PUT", f"tre/persons/{person}")
        sealed = seal(self.plan(person, project, **changes), self.secret("plan_key").encode())
        return self.hub("POST", f"users/{person}/servers/{project}", {"plan": sealed})

    def plan(self, person: str, project: str, **changes: Any) -> MountPlan:
        """Return the plan the portal would make, with `changes`."""
        snapshot = self.state / "snapshots" / project / "1"
        if not snapshot.exists():
            build_snapshot(snapshot, self.places.notebook, project=project)
        values: dict[str, Any] = {
            "session_id": f"s-{secrets.token_hex(3)}",
            "person_id": person,
            "project_id": project,
            "project_uid": self.uids.setdefault(project, 70_001 + len(self.uids)),
            "snapshot_dir": str(snapshot),
            "workspace_dir": str(self.state / "workspaces" / project / person),
            "session_token": f"session-token-of-{person}",
            "memory_bytes": 1024 * MEBIBYTE,
            "processes": 200,
            "cpus": 1.5,
            "expires_at": int(time.time()) + 50,
        }
        return MountPlan(**(values | changes))

    def hub(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """Ask the hub's API as the portal's service."""
        target = f"/workspaces/hub/api/{path}"
        return ask(self.state / "run/hub/hub.sock", method, target, token=self.secret("hub_portal_token"), body=body)

    def folder_of(self, person: str, project: str) -> Path:
        """Return the folder of a running session, found by the name its server answers to."""
        target = f"/workspaces/user/{person}/{project}/api"
        for folder in (self.state / "run/hub/s").iterdir():
            if ask(folder / "nb.sock", "GET", target)[0] == 200:
                return folder
        raise AssertionError("no such session")

    def secret(self, name: str) -> str:
        """Return a secret of this installation."""
        return (self.state / "secrets" / name).read_text()

    def _is_ready(self, person: str, project: str) -> bool:
        status, text = self.hub("GET", f"users/{person}/servers/{project}")
        return status == 200 and bool(json.loads(text)["ready"])

    def _hub_answers(self) -> bool:
        assert self.hub_part.is_running(), self.hub_part.log.read_text()[-3000:]
        try:
            return self.hub("GET", "")[0] == 200
        except OSError:
            return False

    def _make_state(self) -> None:
        self.state.chmod(0o711)
        self.release = self.state / "release"
        for part in RELEASED:
            if (CHECKOUT / part).exists():
                shutil.copytree(CHECKOUT / part, self.release / part, ignore=shutil.ignore_patterns("__pycache__"))
        for name, mode in (
            ("secrets", 0o700),
            ("logs", 0o700),
            ("snapshots", 0o711),
            ("workspaces", 0o711),
            ("run", 0o711),
        ):
            (self.state / name).mkdir()
            (self.state / name).chmod(mode)
        (self.state / "run/session").mkdir()
        for name in SECRETS:
            secret = self.state / "secrets" / name
            secret.write_text(secrets.token_hex(32))
            secret.chmod(0o600)
        if self.uid is not None:
            for path in (self.state, *self.state.rglob("*")):
                os.chown(path, self.uid, self.uid)


def as_root() -> bool:
    """Say whether this run may give each project an account of its own."""
    return os.geteuid() == 0
