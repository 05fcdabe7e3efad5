"""Owns the hub's process: JupyterHub with our folders, our door for workspaces, and our sweep. Must never leave a sandbox
behind that no hub knows of.
"""

import asyncio
import os
import pwd
from pathlib import Path
from typing import Any

from jupyterhub.app import JupyterHub
from tornado.ioloop import PeriodicCallback
from traitlets import Instance

from tre.hub import checks, persons, records, storage
from tre.hub.door import open_door
from tre.hub.limits import Limits
from tre.hub.settings import HubSettings

SWEEP_SECONDS = 60


class TreHub(JupyterHub):  # type: ignore[misc]
    """JupyterHub, behind whose socket the workspaces see four paths.

    Args:
        settings: this installation.
        limits: how sessions are bounded on this machine.
    """

    name = "jupyterhub"  # the name its configuration file and its database know
    settings = Instance(HubSettings).tag(config=True)
    limits = Instance(Limits).tag(config=True)

    def init_handlers(self) -> None:
        """Add the portal's paths about persons; first, since JupyterHub's own list ends in a catch-all."""
        super().init_handlers()
        ours = [(persons.PATH, persons.PersonHandler), (persons.SHUT_OUT_PATH, persons.ShutOutHandler)]
        self.handlers[:0] = self.add_url_prefix(self.hub_prefix, ours)

    async def start(self) -> None:
        """Check that sandboxes can be made, end those nobody knows of, then listen."""
        bubblewrap = checks.check_sandbox()
        quota = storage.quota_of(self.settings.state)
        checks.tell_limits(self.settings.limits_file, self.limits, bubblewrap, quota=quota)
        self._sweep()
        self.workspace_door = open_door(self.tornado_application, self.settings.door, prefix=self.base_url.rstrip("/"))
        await super().start()
        # A start that was broken off at the wrong moment can leave a sandbox behind: it is found within a minute.
        self._periodic_callbacks["sweep"] = PeriodicCallback(self._sweep, SWEEP_SECONDS * 1000)
        self._periodic_callbacks["sweep"].start()
        self._periodic_callbacks["measure"] = PeriodicCallback(self._measure, storage.MEASURE_SECONDS * 1000)
        self._periodic_callbacks["measure"].start()

    async def cleanup(self) -> Any:
        """Stop all workspaces, those included whose start was under way."""
        try:
            return await super().cleanup()
        finally:
            if self.cleanup_servers:
                self._log_swept(records.sweep(self.settings.sessions, known=frozenset()))

    def _sweep(self) -> None:
        """End what no spawner knows; a spawner knows its sandbox before there is one, so none that starts is hit."""
        known = {spawner.key for person in self.users.values() for spawner in person.spawners.values()}
        self._log_swept(records.sweep(self.settings.sessions, known=frozenset(known)))

    async def _measure(self) -> None:
        """Tell the portal what each running workspace holds; beside the loop, since a full one takes seconds to walk."""
        running = [
            (f"{person.name}/{name}", spawner.key, Path(spawner.files))
            for person in self.users.values()
            for name, spawner in person.spawners.items()
            if spawner.key and spawner.files
        ]
        if running:
            await asyncio.to_thread(storage.told, self.settings.storage_file, running)

    def _log_swept(self, keys: list[str]) -> None:
        if keys:
            self.log.warning("Ended %s sandboxes that no session belongs to: %s", len(keys), ", ".join(keys))


def make_folders(settings: HubSettings) -> None:
    """Make the folders of sockets, each open to exactly those who need it.

    Workspaces run under accounts of their own and mount `door` and `session`, so they must be able to go through `run`;
    `hub` lets only the front account in.
    """
    for folder, mode in (
        (settings.own, 0o700),
        (settings.run, 0o711),
        (settings.door, 0o755),
        (settings.closed, 0o710),
    ):
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        folder.chmod(mode)
    if os.geteuid() == 0:
        os.chown(settings.closed, 0, _front_group(settings.front_account))
    settings.sessions.mkdir(mode=0o711, exist_ok=True)


def _front_group(account: str) -> int:
    try:
        return pwd.getpwnam(account).pw_gid
    except KeyError:
        return 0  # no such account: proxy and portal run as root too, as in some tests
