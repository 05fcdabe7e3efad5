"""Owns the command that orders a dataset's synthetic twin anew: asked here, made by the broker. Must never touch data."""

import argparse

from tre.data import service as data
from tre.entrypoints.cli.verbs import Verbs, add_stands_for
from tre.entrypoints.cli.who import context_here
from tre.plumbing.config import Config


def add_commands(verbs: Verbs) -> None:
    """Add `twin` to the commands of `tre data`."""
    parser = verbs.add_parser("twin", help="order made-up data in the shape of a dataset anew")
    parser.add_argument("dataset", help="the dataset's id")
    add_stands_for(parser)
    parser.set_defaults(run=order)


def order(given: argparse.Namespace) -> int:
    """Order a twin of the dataset's version in use."""
    data.order_twin(context_here(Config(), stands_for=given.stands_for), given.dataset)
    print(f"A new synthetic twin of {given.dataset} is ordered: the broker makes it next.")
    return 0
