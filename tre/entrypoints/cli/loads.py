"""Owns the command that orders a load and follows it: asked here, done by the broker. Must never touch data."""

import argparse
import sys
import time

from tre.data import service as data
from tre.entrypoints.cli.verbs import Verbs, add_stands_for
from tre.entrypoints.cli.who import context_here
from tre.plumbing.config import Config
from tre.plumbing.progress_bar import ProgressBar
from tre.plumbing.unit_of_work import Context

EVERY_SECONDS = 0.5


def add_commands(verbs: Verbs) -> None:
    """Add `load` to the commands of `tre data`."""
    parser = verbs.add_parser("load", help="load a dataset's raw files from the broker's inbox, and show how far it is")
    parser.add_argument("dataset", help="the dataset's id")
    add_stands_for(parser)
    parser.set_defaults(run=load)


def load(given: argparse.Namespace) -> int:
    """Order the load and wait for its end; return 1 if it came to nothing. Ctrl-C ends the waiting, not the load."""
    ctx = context_here(Config(), stands_for=given.stands_for)
    order = data.order_load(ctx, given.dataset, data.Origin())
    return follow(ctx, order, ProgressBar(sys.stdout))


def follow(ctx: Context, order: str, shown: ProgressBar) -> int:
    """Show how far the order is until it has ended; return 0 if the version is loaded."""
    while True:
        job = next(one for one in data.list_loads(ctx) if one.job_id == order)
        if job.state == "failed":
            shown.end(job.note)
            return 1
        if job.state == "done":
            shown.end(f"{job.dataset_id} is loaded. It waits for two sign-offs: see Loads on the portal.")
            return 0
        shown.show(job.progress / 100, job.note or "waiting for the honest broker")
        time.sleep(EVERY_SECONDS)
