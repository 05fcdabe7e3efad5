"""Owns what the commands at the broker's side share: how they are added, and whom a demonstration lets one act as."""

import argparse
from typing import TypeAlias

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_stands_for(parser: argparse.ArgumentParser) -> None:
    """Add `--as PERSON`, which `context_here` takes as `stands_for`."""
    parser.add_argument("--as", dest="stands_for", default="", metavar="PERSON", help="demonstration only: act as")
