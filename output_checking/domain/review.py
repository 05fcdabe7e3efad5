"""Owns what several checkers' views come to, and who may see them when. Must never know who is allowed to vote.

Independence is the point (SATRE 3.3, OpenSAFELY's blind two-checker review): a checker forms a view before seeing another's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class View(StrEnum):
    """What a checker thinks should happen."""

    APPROVE = "approve"
    CHANGES = "changes"
    REFUSE = "refuse"


class Outcome(StrEnum):
    """What the views of one round come to; the value is the move in the state table, empty while undecided."""

    UNDECIDED = ""
    RELEASE = "release"
    RETURN = "return"
    REFUSE = "refuse"


@dataclass(frozen=True, kw_only=True)
class Vote:
    """One checker's view in one round."""

    person_id: str
    view: View
    comment: str
    at: datetime


def outcome(views: Iterable[View], *, needed: int) -> Outcome:
    """Return what the views come to.

    Args:
        views: of different checkers, in any order.
        needed: how many must agree (at least 1).

    `needed` approvals release; `needed` refusals refuse; `needed` that do not approve return it. Two who disagree
    leave it open: a further checker's view decides, so at most 2 * needed - 1 views are ever asked for.
    """
    cast = list(views)
    approvals, refusals = cast.count(View.APPROVE), cast.count(View.REFUSE)
    if approvals >= needed:
        return Outcome.RELEASE
    if refusals >= needed:
        return Outcome.REFUSE
    if len(cast) - approvals >= needed:
        return Outcome.RETURN
    return Outcome.UNDECIDED


def is_disputed(votes_cast: int, *, needed: int) -> bool:
    """Say whether, in a round that is still open, the checkers asked for so far disagree."""
    return votes_cast >= needed


def visible(votes: Sequence[Vote], *, viewer: str, needed: int, is_closed: bool) -> tuple[Vote, ...]:
    """Return the votes that `viewer` may see.

    One's own always; the others' once the round is closed, or once all asked for have voted, the viewer among them.
    """
    has_voted = any(vote.person_id == viewer for vote in votes)
    if is_closed or (has_voted and len(votes) >= needed):
        return tuple(votes)
    return tuple(vote for vote in votes if vote.person_id == viewer)
