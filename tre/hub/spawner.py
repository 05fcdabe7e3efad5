"""Owns the life of a workspace: start in a sandbox, is it alive, stop. Must never start one without a sealed mount plan.

The portal asks the policy and seals the answer (tre.kernel.plan); what the plan names is mounted, and nothing else.
"""

import asyncio
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyterhub.httpclient import fetch
from jupyterhub.spawner import Spawner, SpawnException
from traitlets import Instance, default

from tre.hub import address, process, records, sandbox, seccomp, workspace
from tre.hub.cgroups import Bounds, remove
from tre.hub.limits import Limits
from tre.hub.process import Launch, Mark
from tre.hub.records import SessionRecord
from tre.hub.sandbox import Mounts
from tre.hub.settings import HubSettings
from tre.kernel.errors import TreError
from tre.kernel.plan import MountPlan, open_sealed

STOP_SECONDS = 4.0
LONGEST_LOG = 8 * 1024**2
SCRATCH_SHARE = 4  # /tmp and /dev/shm may each take a quarter of the session's memory


class SandboxSpawner(Spawner):  # type: ignore[misc]
    """Runs one person's workspace of one project in bubblewrap.

    Args:
        settings: this installation.
        limits: how sessions are bounded on this machine.
    """

    settings = Instance(HubSettings).tag(config=True)
    limits = Instance(Limits).tag(config=True)

    plan: MountPlan | None = None
    key = ""
    files = ""
    first: Mark | None = None
    bubblewrap: subprocess.Popen[bytes] | None = None

    @property
    def server(self) -> Any:
        """The server's address; made anew each time, since the hub writes it through another object on the same row."""
        stored = self.orm_spawner.server if self.orm_spawner else None
        if stored is None or stored.proto != "http+unix":
            return Spawner.server.fget(self)
        return address.SocketServer(orm_server=stored)

    @server.setter
    def server(self, server: Any) -> None:
        Spawner.server.fset(self, server)

    @property
    def folder(self) -> Path:
        """The session's own folder: socket, record, log."""
        return Path(self.settings.sessions) / self.key

    async def start(self) -> str:
        """Start the workspace; return its address once its server answers.

        Raises:
            SpawnException: no valid plan, or the sandbox did not come up; the text says what to do.
        """
        if self.plan is None:
            message = "Workspaces are opened from the project's page."
            raise SpawnException(message, reason="sessions.plan.not_sealed", status_code=403)
        plan, self.plan = self.plan, None
        try:
            await self._launch(plan)
            await self._answering()
        except TreError as error:
            raise SpawnException(error.sentence, reason=error.code, status_code=503) from error
        except OSError as error:
            await self._end()
            message = "The workspace did not start: try again, and tell the operator if it stays so."
            raise SpawnException(
                message, reason="sandbox", log_message=f"{type(error).__name__}: {error}", status_code=503
            ) from error
        return address.socket_url(self.folder / "nb.sock")

    async def poll(self) -> int | None:
        """Return None while the workspace runs, else 0."""
        if self.bubblewrap is not None:
            self.bubblewrap.poll()  # reaps it
        if self.first is not None and self.first.is_alive():
            _shorten(self.folder / "server.log")
            return None
        await self._end()
        return 0

    async def stop(self, now: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 -- JupyterHub's own signature
        """End every process of the workspace at once; what they had mounted goes with them."""
        await self._end()

    def get_state(self) -> dict[str, Any]:
        """Return what a restarted hub needs to know this workspace again."""
        state: dict[str, Any] = super().get_state()
        if self.first is not None:
            state |= {"key": self.key, "files": self.files, "pid": self.first.pid, "started": self.first.started}
        return state

    def load_state(self, state: dict[str, Any]) -> None:
        """Take up the workspace that an earlier hub started."""
        super().load_state(state)
        self.key, self.files = state.get("key", ""), state.get("files", "")
        self.first = Mark(state["pid"], state["started"]) if self.key else None

    def clear_state(self) -> None:
        """Forget the workspace."""
        super().clear_state()
        self.key, self.files, self.first, self.bubblewrap = "", "", None, None

    @default("apply_user_options")
    def _default_apply_user_options(self) -> Callable[["SandboxSpawner", dict[str, Any]], None]:
        return SandboxSpawner.take_plan

    def take_plan(self, options: dict[str, Any]) -> None:
        """Open the sealed plan in `options` for the start that follows.

        Raises:
            SpawnException: it is not sealed, out of date, or for another person or project.
        """
        # The plan holds the session's token: neither the hub's database nor its API keeps it.
        self.user_options = self.orm_spawner.user_options = {}
        key = self.settings.secret("plan_key").encode()
        try:
            plan = open_sealed(str(options.get("plan", "")), key, now=time.time())
        except TreError as error:
            raise SpawnException(error.sentence, reason=error.code, status_code=403) from error
        if (plan.person_id, plan.project_id) != (self.user.name, self.name):
            message = "That permission is for another person or project: open the workspace from its project's page."
            raise SpawnException(message, reason="sessions.plan.not_theirs", status_code=403)
        self.plan = plan

    async def _launch(self, plan: MountPlan) -> None:
        self.key, self.files = secrets.token_hex(6), plan.workspace_dir
        self.folder.mkdir(mode=0o711)
        bounds = Bounds(
            memory_bytes=plan.memory_bytes, processes=plan.processes, cpus=plan.cpus, file_bytes=plan.file_bytes
        )
        groups = self.limits.groups(self.key, bounds)
        record = SessionRecord(key=self.key, groups=tuple(groups))
        records.write(self.folder, record)
        with self._listener() as listener:
            launch = Launch(
                name=records.process_name(self.settings.sessions, self.key),
                options=self.options(plan, listener.fileno()),
                command=[str(self.settings.notebook_env / "bin/python"), sandbox.STARTER, *self.get_args()],
                seccomp=seccomp.compiled(),
                listener=listener,
                confine=lambda: self._confine(groups, bounds, plan),
                log=self.folder / "server.log",
            )
            self.bubblewrap, self.first = await asyncio.to_thread(process.start, launch)
        records.write(self.folder, SessionRecord(key=self.key, groups=tuple(groups), first=self.first))

    def options(self, plan: MountPlan, listener: int) -> list[str]:
        """Return bubblewrap's options for `plan`; `listener` is the number of the socket the server takes over."""
        mounts = Mounts(
            data=Path(plan.snapshot_dir),
            workspace=workspace.prepare(plan, self.settings.image),
            hub_door=self.settings.door,
            session_api=self.settings.session_api,
            environment=self.settings.notebook_env,
            image=self.settings.image,
        )
        return sandbox.walls(mounts, self._inside(plan, listener), scratch_bytes=plan.memory_bytes // SCRATCH_SHARE)

    def _inside(self, plan: MountPlan, listener: int) -> dict[str, str]:
        """Return the environment inside: what JupyterHub tells its servers, and what the library needs."""
        of_hub = {name: value for name, value in self.get_env().items() if name.startswith("JUPYTERHUB_")}
        threads = str(max(1, int(plan.cpus)))
        return of_hub | {
            "HOME": sandbox.HOME,
            "USER": "researcher",
            "SHELL": "/bin/bash",
            "LANG": "C.UTF-8",
            "PATH": f"{self.settings.notebook_env}/bin:/usr/bin:/bin",
            "PYTHONPATH": sandbox.LIBRARY,
            "PYTHONNOUSERSITE": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "JUPYTERHUB_ROOT_DIR": "/workspace",
            "OMP_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
            "TRE_LISTENER": str(listener),
            "TRE_DATA": "/data",
            "TRE_PROJECT": plan.project_id,
            "TRE_SESSION_API": sandbox.SESSION_API,
            "TRE_SESSION_TOKEN": plan.session_token,
            "TRE_MEMORY_BYTES": str(plan.memory_bytes),
            "TRE_CPUS": str(plan.cpus),
        }

    def _listener(self) -> socket.socket:
        """Return the listening socket of the server-to-be; made here, so that nobody inside can choose where it leads."""
        listener = socket.socket(socket.AF_UNIX)
        path = self.folder / "nb.sock"
        listener.bind(str(path))
        path.chmod(0o666)  # the folder above lets only the hub and the proxy's account through
        listener.listen(128)
        return listener

    def _confine(self, groups: list[Path], bounds: Bounds, plan: MountPlan) -> None:
        self.limits.confine(groups, bounds)
        process.without_core_files()
        process.with_few_descriptors()
        if self.limits.root:
            process.drop_to(plan.project_uid)

    async def _answering(self) -> None:
        """Wait until the server answers; the socket listens already, so one request is enough and nothing is polled."""
        assert self.first is not None  # noqa: S101
        url = f"{address.socket_url(self.folder / 'nb.sock')}{self.server.base_url}api"
        answer = asyncio.ensure_future(fetch(url, raise_for_status=False))
        end = asyncio.ensure_future(self.first.ended(seconds=self.start_timeout))
        await asyncio.wait({answer, end}, return_when=asyncio.FIRST_COMPLETED)
        for task in (answer, end):
            task.cancel()
        await asyncio.gather(answer, end, return_exceptions=True)
        if not self.first.is_alive():
            self.log.error("Sandbox %s ended at once: %s", self.key, _last_lines(self.folder / "server.log"))
            raise ChildProcessError("The sandbox ended before its server answered.")

    async def _end(self) -> None:
        key, first, bubblewrap = self.key, self.first, self.bubblewrap
        if not key:
            return
        folder = self.folder
        if first is not None:
            first.kill()
            if not await first.ended(seconds=STOP_SECONDS):
                self.log.error("Sandbox %s did not end within %s s", key, STOP_SECONDS)
        await remove(records.read(folder).groups, seconds=STOP_SECONDS)
        if bubblewrap is not None:
            await asyncio.to_thread(bubblewrap.wait, STOP_SECONDS)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        self.clear_state()


def _shorten(log: Path) -> None:
    """Empty a log that has grown too long: the session writes it, and it lies outside of the session's bounds."""
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        os.truncate(log, 0)


def _last_lines(log: Path) -> str:
    try:
        return log.read_text(errors="replace")[-2000:]
    except OSError:
        return "no log"
