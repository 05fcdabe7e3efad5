"""Owns the broker's work on a synthetic twin: build it, remove those that are too old. Must never keep the seed."""

import secrets
import shutil

from tre.data.broker.desk import Desk
from tre.data.broker.keeping import Keeper
from tre.data.engine.twin.build import build_twin
from tre.data.service import twins
from tre.kernel.errors import Conflict, TreError, Unavailable
from tre.plumbing.jobs import Claim

SEED_BITS = 128


def build(desk: Desk, held: Claim, keeper: Keeper) -> None:
    """Build a dataset's twin; when it cannot be, the one before stays in use."""
    try:
        plan = twins.take_up_twin(desk.ctx, held)
        folder = desk.folders.snapshot(plan.project_id, plan.version)
        shutil.rmtree(folder, ignore_errors=True)  # of a killed try: never ready, so never mounted
        manifest = build_twin(
            plan,
            folders=desk.folders,
            seed=secrets.randbits(SEED_BITS),
            at=desk.ctx.clock.now(),
            progress=keeper.tell,
        )
        oldest = twins.finish_twin(desk.ctx, held, manifest)
    except (Unavailable, Conflict):
        raise
    except TreError as fault:
        twins.fail_twin(desk.ctx, held, fault.sentence)
        return
    for other in folder.parent.iterdir():
        if other.name.isdigit() and int(other.name) < oldest:
            shutil.rmtree(other, ignore_errors=True)
