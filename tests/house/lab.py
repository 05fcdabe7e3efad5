"""The real JupyterLab of the notebook environment, as amina's workspace behind the real front door; without the sandbox."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.setup.paths import CHECKOUT, places
from tests.house.door import SERVER, Door
from tests.house.parts import Part, wait_until

CELL: dict[str, Any] = {"cell_type": "code", "id": "one", "metadata": {}, "outputs": [], "execution_count": None}
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def notebook(source: str) -> str:
    """The text of a notebook with one cell."""
    return json.dumps({"cells": [CELL | {"source": source}], "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5})


class Lab:
    """JupyterLab over a folder with the `files`: start(), stop()."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.door = Door()
        self.folder = self.door.state / "workspace"
        for name, text in files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)
        self.socket = self.door.state / "lab.sock"
        settings = shutil.copytree(
            CHECKOUT / "notebooks-image/jupyter", self.door.state / "jupyter"
        )  # it writes there too
        options: dict[str, Any] = {"ServerApp.sock": self.socket, "ServerApp.base_url": f"{SERVER}/", "ServerApp.root_dir": self.folder,
                                   "ServerApp.allow_remote_access": True, "IdentityProvider.token": ""}  # fmt: skip
        self.part = Part(
            [
                places().notebook / "bin/jupyter-lab",
                "--allow-root",
                "--no-browser",
                *(f"--{name}={value}" for name, value in options.items()),
            ],
            {
                "PATH": "/usr/bin:/bin",
                "HOME": str(self.door.state),
                "JUPYTER_CONFIG_DIR": str(settings),
            },
            self.door.state / "lab.log",
        )

    @property
    def address(self) -> str:
        """What a browser calls the workspace."""
        return f"http://{self.door.host_of('amina')}{SERVER}"

    def start(self) -> "Lab":
        """Start the door and JupyterLab."""
        self.door.start()
        self.part.start()
        wait_until(self.socket.exists, seconds=60, what=f"JupyterLab listens (see {self.part.log})")
        self.door.add_route(target=self.socket)
        return self

    def stop(self) -> None:
        """End all."""
        self.part.end()
        self.door.stop()

    def read(self, name: str) -> str:
        """The text of a file in the workspace."""
        return Path(self.folder / name).read_text()
