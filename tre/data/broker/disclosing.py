"""Owns the broker's work on keys, re-identifications and bridges. Must never say an answer aloud: not in a log, not in a record."""

import logging

from tre.data.broker.desk import LATER, Desk
from tre.data.broker.keeping import Keeper
from tre.data.engine.turning_back import answer_file, lay_bridge, remove_bridge, write_answer
from tre.data.service import bridging, keys, reidentifying
from tre.data.service.jobs import BRIDGE_LAY, BRIDGE_REMOVE, KEY_ROTATE, REIDENTIFY
from tre.kernel.errors import TreError
from tre.plumbing.jobs import Claim

_LOG = logging.getLogger(__name__)


def rotate(desk: Desk, held: Claim, keeper: Keeper) -> None:
    """Make the key's next version and seal the registers under it."""
    keeper.tell(0.1, "making the key, sealing the registers anew")
    try:
        desk.vault.renew_key(int(held.payload["version"]))
    except LATER:
        raise
    except TreError as fault:
        keys.fail_rotation(desk.ctx, held, fault.sentence)
        return
    keys.finish_rotation(desk.ctx, held)


def reidentify(desk: Desk, held: Claim, keeper: Keeper) -> None:
    """Turn one pseudonym back, into a file; where that may not be or cannot be, no file stays."""
    keeper.tell(0.1, "looking into the registers")
    try:
        wanted = reidentifying.take_up(desk.ctx, held)
        write_answer(wanted, vault=desk.vault, folders=desk.folders)
        reidentifying.finish(desk.ctx, held)
    except LATER:
        raise
    except TreError as fault:
        answer_file(desk.folders, held.payload["request"]).unlink(missing_ok=True)
        reidentifying.fail(desk.ctx, held, fault.sentence)


def lay(desk: Desk, held: Claim, keeper: Keeper) -> None:
    """Lay a bridge beside the target's newest snapshot; where it may not be, none stays."""
    keeper.tell(0.1, "writing the bridge's table")
    try:
        plan = bridging.take_up(desk.ctx, held)
        try:
            laid = lay_bridge(plan, vault=desk.vault, folders=desk.folders)
            bridging.finish(desk.ctx, held, plan, laid=laid)
        except TreError:
            remove_bridge(plan.bridge_id, plan.target.project_id, folders=desk.folders)
            raise
    except LATER:
        raise
    except TreError as fault:
        bridging.fail(desk.ctx, held, fault.sentence)


def take_away(desk: Desk, held: Claim, keeper: Keeper) -> None:
    """Remove a bridge's table."""
    keeper.tell(0.5, "removing the bridge's table")
    bridge_id, target_id = bridging.take_up_removal(desk.ctx, held)
    remove_bridge(bridge_id, target_id, folders=desk.folders)
    bridging.finish_removal(desk.ctx, held)


def end_what_lapsed(desk: Desk) -> None:
    """End the bridges whose day has passed and the re-identifications that waited too long, with their answers.

    What cannot be decided now is tried again at the next round.
    """
    try:
        bridging.end_lapsed(desk.ctx)
        for request in reidentifying.end_lapsed(desk.ctx):
            answer_file(desk.folders, request).unlink(missing_ok=True)
    except TreError as fault:
        _LOG.warning("what lapsed is not ended yet: %s", fault.code)


def give_up(desk: Desk, held: Claim, why: str) -> None:
    """Record that one of these jobs came to nothing after the last try."""
    if held.kind == KEY_ROTATE:
        keys.fail_rotation(desk.ctx, held, why)
    elif held.kind == REIDENTIFY:
        answer_file(desk.folders, held.payload["request"]).unlink(missing_ok=True)
        reidentifying.fail(desk.ctx, held, why)
    elif held.kind == BRIDGE_LAY:
        bridging.fail(desk.ctx, held, why)


WORK = {KEY_ROTATE: rotate, REIDENTIFY: reidentify, BRIDGE_LAY: lay, BRIDGE_REMOVE: take_away}
