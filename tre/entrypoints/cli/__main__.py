"""Owns the list of commands: `python -m tre.entrypoints.cli COMMAND`. Must never hold what a command does."""

import argparse
import sys
from collections.abc import Callable

from tre.entrypoints.cli import contracts, disclosing, lists, loads, records, site, twins
from tre.kernel.errors import TreError

Command = Callable[[argparse.Namespace], int]


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of every command; each sets `run`."""
    parser = argparse.ArgumentParser(prog="tre", description="A trusted research environment")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "up", "run the TRE here until Ctrl-C", site.up)
    _add(commands, "start", "start the TRE in the background", site.start_in_background)
    _add(commands, "stop", "stop it, workspaces included", site.stop_all)
    _add(commands, "status", "say which part answers", site.show_status)
    demo = _add(commands, "demo", "start, load the data and walk from sign-in to a released result", site.demo)
    demo.add_argument("--check", action="store_true", help="stop everything at the end; exit 0 only if each step held")
    demo.add_argument("--persons", type=int, default=100_000, help="size of the made hospital population")
    _add(commands, "clean-demo", "remove the demo's state: records, data, workspaces, keys", site.clean)
    audit = commands.add_parser("audit", help="the record").add_subparsers(required=True, metavar="VERB")
    data = commands.add_parser("data", help="datasets, keys, pseudonyms").add_subparsers(required=True, metavar="WHAT")
    contracts.add_commands(data)
    disclosing.add_commands(data)
    lists.add_commands(data)
    loads.add_commands(data)
    twins.add_commands(data)
    _add(audit, "verify", "prove the record whole, or name the first bad row", records.verify)
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, about: str, run: Command
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=about)
    parser.set_defaults(run=run)
    return parser


def main(words: list[str] | None = None) -> int:
    """Run one command; return its exit code, 1 with a sentence for what went wrong."""
    given = make_parser().parse_args(words)
    try:
        code: int = given.run(given)
    except TreError as error:
        print(f"{error.sentence} ({error.code})", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


if __name__ == "__main__":
    sys.exit(main())
