"""Owns the broker's work on a list of persons: from its inbox into the store, and in force. Must never keep the file it came in."""

from dataclasses import asdict

from tre.data.broker.desk import LATER, Desk
from tre.data.broker.keeping import Keeper
from tre.data.engine.duck import open_engine
from tre.data.engine.person_lists import FIELD, PersonList, load_person_list
from tre.data.service import lists
from tre.kernel.errors import Invalid, TreError
from tre.plumbing.jobs import Claim


def load_list(desk: Desk, held: Claim, keeper: Keeper) -> None:
    """Load a list whole and put it in force, or say why not; the file is removed once it is in force."""
    try:
        keeper.tell(0.1, "reading the list")
        found = _load(desk, held)
        if desk.bucket:
            desk.bucket.put_list(found.sha256, desk.folders.opt_outs(found.sha256))
        lists.record_list(desk.ctx, held, asdict(found))
    except LATER:
        raise
    except TreError as fault:
        lists.fail_list(desk.ctx, held, fault.sentence)
        return
    (desk.folders.lists_inbox / held.payload["file"]).unlink(missing_ok=True)


def _load(desk: Desk, held: Claim) -> PersonList:
    path = desk.folders.lists_inbox / held.payload["file"]
    if not path.is_file():
        sentence = f"There is no file {path.name} in the broker's folder inbox/lists: put it there, then order again."
        raise Invalid({FIELD: sentence}, code="data.opt_outs.no_file")
    with open_engine(desk.folders.scratch) as engine:
        return load_person_list(
            engine,
            path,
            namespace=held.payload["namespace"],
            kind=lists.identifier_kind(held.payload["namespace"]),
            today=desk.ctx.clock.now().date(),
            folders=desk.folders,
            vault=desk.vault,
        )
