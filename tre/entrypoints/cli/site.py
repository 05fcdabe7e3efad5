"""Owns the commands on a whole installation: up, start, stop, status, demo, clean. Must never guess what to remove."""

import argparse
import os
import shutil

from tre.data.engine.spark_session import chosen_spark
from tre.entrypoints.bootstrap import preparations
from tre.entrypoints.supervise import control, tower
from tre.entrypoints.supervise.__main__ import status
from tre.entrypoints.supervise.parts import list_parts
from tre.entrypoints.supervise.programs import check_present, find_programs
from tre.kernel.errors import Conflict
from tre.plumbing.config import Config


def up(_given: argparse.Namespace) -> int:
    """Run the TRE in this terminal until Ctrl-C."""
    config, programs = Config(), find_programs(os.environ)
    chosen_spark(config.snapshot_engine, config.spark_master)
    check_present(programs)
    print(f"{config.portal_origin} in a few seconds; Ctrl-C stops everything. Logs: {config.state / 'logs'}")
    return tower.run(config, programs, list_parts(config, programs), preparations=preparations())


def start_in_background(_given: argparse.Namespace) -> int:
    """Start the TRE and return once every part answers."""
    config, programs = Config(), find_programs(os.environ)
    chosen_spark(config.snapshot_engine, config.spark_master)
    check_present(programs)
    control.start(config, programs)
    return status(config, programs)


def stop_all(_given: argparse.Namespace) -> int:
    """Stop the TRE, its workspaces included."""
    print("Stopped." if control.stop(Config()) else "Nothing was running.")
    return 0


def show_status(_given: argparse.Namespace) -> int:
    """Print a line for each part."""
    return status(Config(), find_programs(os.environ))


def demo(given: argparse.Namespace) -> int:
    """Walk from sign-in to a released result."""
    from tre.entrypoints.demo.run import run_demo  # the walk's libraries are not needed by other commands

    return run_demo(Config(), keep_up=not given.check, persons=given.persons)


def clean(_given: argparse.Namespace) -> int:
    """Remove the demo's state folder."""
    config = Config()
    if config.mode != "demo" or not config.state.name.startswith("demo-"):
        raise Conflict(f"{config.state} is not a demo's: it is not removed.", code="site.not_a_demo")
    control.stop(config)
    shutil.rmtree(config.state, ignore_errors=True)
    print(f"Removed {config.state}.")
    return 0
