"""The peer of the sandbox in the benchmarks: the same spawner, server and settings, with no sandbox and no bounds."""

import asyncio
import subprocess
from pathlib import Path
from urllib.parse import quote

from tre.hub import process, sandbox, workspace
from tre.hub.process import Mark
from tre.hub.spawner import SandboxSpawner
from tre.kernel.plan import MountPlan


class PlainSpawner(SandboxSpawner):
    """Starts the server as an ordinary process of the project's account."""

    async def _launch(self, plan: MountPlan) -> None:
        self.key = "plain-" + self.user.name
        self.folder.mkdir(mode=0o711)
        folder = workspace.prepare(plan, self.settings.image)
        with self._listener() as listener:
            environ = self._inside(plan, listener.fileno()) | self._instead_of_mounts(folder)
            self.bubblewrap = await asyncio.to_thread(self._run, plan, environ, listener.fileno())
        self.first = Mark.of(self.bubblewrap.pid)

    def _run(self, plan: MountPlan, environ: dict[str, str], listener: int) -> subprocess.Popen[bytes]:
        starter = self.settings.image / "start" / Path(sandbox.STARTER).name
        with (self.folder / "server.log").open("wb") as log:
            return subprocess.Popen(
                [self.settings.notebook_env / "bin/python", starter], env=environ, pass_fds=[listener], cwd="/",
                stdout=log, stderr=log, start_new_session=True,
                preexec_fn=(lambda: process.drop_to(plan.project_uid)) if self.limits.root else None,  # noqa: PLW1509
            )  # fmt: skip

    def _instead_of_mounts(self, folder: Path) -> dict[str, str]:
        """Return what the server finds by mounts in a sandbox, as places of this machine."""
        door = "http+unix://" + quote(str(self.settings.door / "hub.sock"), safe="")
        hub = f"{door}/workspaces/hub/api"
        return {
            "HOME": str(folder),
            "PYTHONPATH": str(self.settings.image / "library"),
            "JUPYTER_CONFIG_PATH": str(self.settings.image / "jupyter"),
            "JUPYTERHUB_ROOT_DIR": str(folder),
            "JUPYTERHUB_API_URL": hub,
            "JUPYTERHUB_ACTIVITY_URL": f"{hub}/users/{self.user.name}/activity",
        }
