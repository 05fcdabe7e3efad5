"""Owns the broker's work on a report: a trial of what is asked for, told as figures that may be shown. Must never keep a row."""

from tre.data.broker.desk import LATER, Desk
from tre.data.broker.fetching import bring
from tre.data.broker.keeping import Keeper
from tre.data.domain.showing import linkage_shown, risk_shown
from tre.data.engine.trial import try_snapshot
from tre.data.service import assessing
from tre.kernel.errors import TreError
from tre.plumbing.jobs import Claim


def assess(desk: Desk, held: Claim, keeper: Keeper) -> None:
    """Measure what an application asks for, and keep the figures for its custodian."""
    try:
        plan = assessing.take_up_assessment(desk.ctx, held)
        bring(desk, plan, keeper)
        trial = try_snapshot(plan, folders=desk.folders, progress=keeper.tell, registers=desk.vault)
        found = {
            "risk": [risk_shown(one) for one in trial.risk],
            "linkage": [linkage_shown(one) for one in trial.linkage],
            "removed": list(trial.removed),
            "free_text": list(trial.free_text),
        }
        assessing.finish_assessment(desk.ctx, held, found)
    except LATER:
        raise
    except TreError as fault:
        assessing.fail_assessment(desk.ctx, held, fault.sentence)
