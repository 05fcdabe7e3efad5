"""Owns the commands on the vault's key, re-identification and bridges: asked here, done by the broker. Must never open the vault.

The one thing read from the vault's folder is an answer, by one of the two persons whose yes it took, once.
"""

import argparse
from collections.abc import Callable, Iterable
from datetime import date

from tre.data.engine.folders import Folders
from tre.data.engine.turning_back import answer_file
from tre.data.service import bridging, keys, reidentifying
from tre.entrypoints.cli.verbs import Verbs, add_stands_for
from tre.entrypoints.cli.who import context_here
from tre.kernel.errors import Invalid, Unavailable
from tre.plumbing.config import Config
from tre.plumbing.unit_of_work import Context

Act = Callable[[Context, argparse.Namespace], str]


def add_commands(verbs: Verbs) -> None:
    """Add `keys`, `reidentify` and `bridge` to the commands of `tre data`."""
    words = _words(verbs, "keys", "the vault's key")
    _add(words, "rotate", "make a new version, for new snapshots", rotate)
    _add(words, "list", "every version with its state, never the key", list_keys)
    words = _words(verbs, "reidentify", "who is behind a pseudonym")
    asking = _add(words, "ask", "ask, as the first of two persons", ask)
    asking.add_argument("project", help="project id")
    asking.add_argument("pseudonym", help="P and 26 letters and digits")
    asking.add_argument("--case", required=True, help="number of the case")
    asking.add_argument("--reason", required=True, help="why, in a sentence; no patient's number")
    _add(words, "list", "every request with its state", list_requests)
    for name, about, act in (
        ("approve", "approve, as the second of two persons", approve),
        ("refuse", "say no, or take one's own back", refuse),
        ("read", "read the answer, once", read),
    ):
        _add(words, name, about, act).add_argument("request", help="the request's id")
    _add_bridge(_words(verbs, "bridge", "one project's pseudonyms beside another's"))


def _add_bridge(words: Verbs) -> None:
    asking = _add(words, "ask", "ask for a bridge", ask_bridge)
    asking.add_argument("source", help="id of the project whose pseudonyms are told")
    asking.add_argument("target", help="id of the project that is told them")
    asking.add_argument("--until", required=True, help="last day, as 2027-03-31; within a year")
    asking.add_argument("--reason", required=True, help="why, in a sentence")
    _add(words, "list", "every bridge with its state", list_bridges)
    agreeing = _add(words, "agree", "say yes, as custodian or as admin", agree)
    agreeing.add_argument("bridge", help="the bridge's id")
    agreeing.add_argument("--role", required=True, choices=("custodian", "admin"))
    _add(words, "refuse", "say no, or end it before its day", refuse_bridge).add_argument("bridge", help="its id")


def rotate(ctx: Context, _given: argparse.Namespace) -> str:
    """Order a new version of the vault's key."""
    return f"Version {keys.order_rotation(ctx)} is ordered: the broker makes it next."


def list_keys(ctx: Context, _given: argparse.Namespace) -> str:
    """Return every version of the vault's key, a line each."""
    return _lines(
        f"{one.version:3}  {one.state:10} {f'made {one.made_at:%Y-%m-%d %H:%M}' if one.made_at else '':21} "
        f"{one.provider:15} {one.snapshots} snapshots".rstrip()
        for one in keys.list_versions(ctx)
    )


def ask(ctx: Context, given: argparse.Namespace) -> str:
    """Ask who is behind a pseudonym."""
    request = reidentifying.ask(
        ctx, given.project, pseudonym=given.pseudonym, case_number=given.case, reason=given.reason
    )
    return f"{request} is asked: another custodian or admin, not of the project, has to approve it."


def approve(ctx: Context, given: argparse.Namespace) -> str:
    """Approve a request."""
    reidentifying.approve(ctx, given.request)
    return f"{given.request} is approved: the broker answers it next. Either of you can then read it, once."


def refuse(ctx: Context, given: argparse.Namespace) -> str:
    """Say no to a request."""
    reidentifying.refuse(ctx, given.request)
    return f"{given.request} is refused."


def read(ctx: Context, given: argparse.Namespace) -> str:
    """Return the answer and remove it: recorded first, so that nobody reads it unrecorded."""
    file = answer_file(Folders.under(ctx.config.state), given.request)
    try:
        answer = file.read_text()
    except FileNotFoundError:
        answer = ""
    except OSError as error:
        sentence = "The answer can be read by the broker's account alone: run this by 'sudo -u tre-broker'."
        raise Unavailable(sentence, code="data.reidentification.not_broker") from error
    reidentifying.note_read(ctx, given.request)
    file.unlink(missing_ok=True)
    return answer.strip() or "The answer's file is gone. Ask anew."


def list_requests(ctx: Context, _given: argparse.Namespace) -> str:
    """Return every request, a line each."""
    return _lines(
        f"{row.id}  {row.state:9} {row.project_id}  case {row.case_number}  asked by {row.asked_by}  {row.note}".rstrip()
        for row in reidentifying.list_requests(ctx)
    )


def ask_bridge(ctx: Context, given: argparse.Namespace) -> str:
    """Ask for a bridge."""
    try:
        until = date.fromisoformat(given.until)
    except ValueError:
        raise Invalid({"until": "Write the last day as 2027-03-31."}, code="data.bridge.invalid") from None
    bridge = bridging.ask(ctx, source=given.source, target=given.target, reason=given.reason, ends_on=until)
    return f"{bridge} is asked: a custodian of the data and an admin, two other people, have to agree."


def agree(ctx: Context, given: argparse.Namespace) -> str:
    """Say yes to a bridge."""
    state = bridging.agree(ctx, given.bridge, role=given.role)
    rest = "the broker lays it next." if state == "agreed" else "one more yes is needed, in the other role."
    return f"You agreed to {given.bridge}: {rest}"


def refuse_bridge(ctx: Context, given: argparse.Namespace) -> str:
    """Say no to a bridge, or end it."""
    bridging.refuse(ctx, given.bridge)
    return f"{given.bridge} is refused: what was laid is taken away next."


def list_bridges(ctx: Context, _given: argparse.Namespace) -> str:
    """Return every bridge, a line each."""
    return _lines(
        f"{row.id}  {row.state:11} {row.source_id} to {row.target_id}  until {row.ends_on}  {row.note}".rstrip()
        for row in bridging.list_bridges(ctx)
    )


def _lines(rows: Iterable[str]) -> str:
    return "\n".join(rows) or "There are none."


def _words(verbs: Verbs, name: str, about: str) -> Verbs:
    return verbs.add_parser(name, help=about).add_subparsers(required=True, metavar="VERB")


def _add(words: Verbs, name: str, about: str, act: Act) -> argparse.ArgumentParser:
    parser = words.add_parser(name, help=about)
    add_stands_for(parser)

    def run(given: argparse.Namespace) -> int:
        print(act(context_here(Config(), stands_for=given.stands_for), given))
        return 0

    parser.set_defaults(run=run)
    return parser
