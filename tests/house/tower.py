"""The real tower over some of the real parts: `python -m tests.house.tower idp proxy`, settings from the environment.

`straggler` is one more part, of the tests' own: it leaves a process behind that has cut every tie to it.
"""

import os
import sys

from tre.entrypoints.supervise import tower
from tre.entrypoints.supervise.parts import Part, list_parts
from tre.entrypoints.supervise.programs import find_programs
from tre.plumbing.config import Config

LEAVES_A_CHILD = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    os.execvp("sleep", ["sleep", sys.argv[1]])
time.sleep(1000)
"""


def straggler(config: Config, python: str) -> Part:
    """A part whose child ignores its end; the child sleeps for as many seconds as the portal's port, to be found by that."""
    script = config.state / "straggler.py"
    script.write_text(LEAVES_A_CHILD)
    script.chmod(0o644)
    health = f"beat:{config.state}/run/tower.pid:1000"
    command = (python, str(script), str(config.portal_port))
    return Part(name="straggler", command=command, account="tre-idp", order=50, health=health)


if __name__ == "__main__":
    config, programs = Config(), find_programs(os.environ)
    known = [*list_parts(config, programs), straggler(config, str(programs.python))]
    sys.exit(tower.run(config, programs, [part for part in known if part.name in sys.argv[1:]]))
