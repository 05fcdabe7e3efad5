"""Owns the command line of the supervisor: run, start, stop, status. Must never be needed by a part that runs."""

import argparse
import os
import sys

from tre.entrypoints.supervise import tower
from tre.entrypoints.supervise.control import start, stop
from tre.entrypoints.supervise.parts import list_parts
from tre.entrypoints.supervise.programs import Programs, check_present, find_programs
from tre.entrypoints.supervise.report import report
from tre.kernel.errors import TreError
from tre.plumbing.config import Config


def status(config: Config, programs: Programs) -> int:
    """Print a line for each part; return 0 when every one answers."""
    lines = report(config.state, list_parts(config, programs))
    for line in lines:
        print(f"{line.name:<12} {'answers' if line.is_healthy else 'no answer':<10} {line.state:<9} {line.pid or ''}")
    return 0 if all(line.is_healthy for line in lines) else 1


def main() -> int:
    """Do what the command line asks; return the exit code."""
    parser = argparse.ArgumentParser(prog="tre.entrypoints.supervise")
    parser.add_argument("verb", choices=("run", "start", "stop", "status"))
    verb = parser.parse_args().verb
    config, programs = Config(), find_programs(os.environ)
    if verb == "stop":
        print("stopped" if stop(config) else "nothing was running")
        return 0
    if verb == "status":
        return status(config, programs)
    check_present(programs)
    if verb == "start":
        start(config, programs)
        return status(config, programs)
    from tre.entrypoints.bootstrap import preparations  # brings in every room: only what runs them waits for that

    return tower.run(config, programs, list_parts(config, programs), preparations=preparations())


if __name__ == "__main__":
    try:
        sys.exit(main())
    except TreError as error:
        sys.exit(error.sentence)
