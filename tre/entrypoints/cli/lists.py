"""Owns the command that hands a list of persons to the broker: copied into its inbox, then ordered. Must never read the list."""

import argparse
import os
import secrets
import shutil
import time
from pathlib import Path

from tre.data.engine.folders import Folders
from tre.data.service import ListOrder, order_list
from tre.entrypoints.cli.verbs import Verbs, add_stands_for
from tre.entrypoints.cli.who import context_here
from tre.kernel.errors import Invalid, Unavailable
from tre.plumbing import jobs
from tre.plumbing.config import Config
from tre.plumbing.unit_of_work import Context

WAIT_SECONDS = 600.0
_ENDINGS = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".parquet")


def add_commands(verbs: Verbs) -> None:
    """Add `opt-outs load` to the commands of `tre data`."""
    words = verbs.add_parser("opt-outs", help="opt-outs, refusals, consents").add_subparsers(
        required=True, metavar="VERB"
    )
    load = words.add_parser("load", help="load a list of persons, whole or not at all, and put it in force")
    load.add_argument("file", type=Path, help="columns identifier, effective_from and, for withdrawals, withdrawn_on")
    load.add_argument("--list", required=True, help="its name, for example 'national data opt-out'")
    load.add_argument("--namespace", required=True, help="of the identifiers, for example nhs-number")
    load.add_argument("--study", default="", help="project id, for refusals of a study and consent to it")
    load.add_argument("--why-shorter", default="", help="why it names far fewer persons than the list in force")
    add_stands_for(load)
    load.set_defaults(run=load_list)


def load_list(given: argparse.Namespace) -> int:
    """Copy the list into the broker's inbox, order its load, wait for the broker's word; return 0, or 1 where it said no.

    Raises:
        Invalid: there is no such file, or the order makes no sense.
        NotPermitted: the account stands for nobody, or for no custodian of such data.
        Unavailable: the broker did not answer in time.
    """
    config = Config()
    ctx = context_here(config, stands_for=given.stands_for)
    ending = next((one for one in _ENDINGS if given.file.name.endswith(one)), "")
    if not (given.file.is_file() and ending):
        raise Invalid({"file": f"{given.file} is no file that ends in {', '.join(_ENDINGS)}."})
    order = ListOrder(
        list=given.list,
        namespace=given.namespace,
        file=f"list-{secrets.token_hex(6)}{ending}",
        project_id=given.study,
        why_shorter=given.why_shorter,
    )
    copied = _hand_over(given.file, Folders.under(config.state).lists_inbox / order.file)
    try:
        return _tell(ctx, order_list(ctx, order))
    finally:
        copied.unlink(missing_ok=True)  # whatever came of it: the list lies where it came from


def _hand_over(source: Path, target: Path) -> Path:
    """Copy the list to where the broker alone can read it."""
    try:
        with (
            source.open("rb") as body,
            os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to,
        ):
            shutil.copyfileobj(body, to)
        if os.geteuid() == 0:
            owner = target.parent.stat()
            os.chown(target, owner.st_uid, owner.st_gid)
    except OSError as error:
        sentence = "The broker's inbox cannot be written to: run this as root or the broker's account, on its machine."
        raise Unavailable(sentence, code="data.opt_outs.no_inbox") from error
    return target


def _tell(ctx: Context, job_id: str) -> int:
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        with ctx.sessions() as session:
            row = session.get_one(jobs.JobRow, job_id)
            state, note = row.state, row.note
        if state == "done":
            print("The list is in force. New snapshots honour it at once, the live ones are built anew.")
            return 0
        if state == "failed":
            print(f"The list was not taken: {note}")
            return 1
        time.sleep(0.2)
    raise Unavailable("The broker did not answer in time: see the health page.", code="data.opt_outs.no_answer")
