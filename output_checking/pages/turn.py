"""Owns the words for whose turn a request is, what is asked of them, and what happens next. Must never decide."""

from dataclasses import dataclass

from output_checking.domain.states import State, Turn
from output_checking.presenters import RequestView
from tre.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class TurnWords:
    """What stands in the box on whose turn it is."""

    who: str
    asked: str
    next: str
    mine: bool


_AFTER_CHECKING = "When enough checkers agree, the files are released, returned or refused."
_CHECKERS = ("Look at every file and give a view.", _AFTER_CHECKING)
_DISPUTED = ("The checkers so far disagree: one more gives a view.", "The view of one more checker settles it.")
_WORDS = {
    State.SUBMITTED: _CHECKERS,
    State.IN_REVIEW: _CHECKERS,
    State.RETURNED: (
        "Answer the checkers' comments and hand in a new version from the workspace.",
        "The same rules look at the new files, and the checkers give their views anew.",
    ),
    State.RELEASED: (
        "It is decided: the files are released.",
        "Members with the right to it download the files below.",
    ),
    State.REFUSED: (
        "Nothing is asked of anybody.",
        "The files stay inside. A new request with other files is possible.",
    ),
    State.WITHDRAWN: ("The researcher took it back.", "The files stay inside. A new request is possible."),
    State.BLOCKED: (
        "A file on the shelf is not what was submitted: hand the files in anew from the workspace, or take the request back.",
        "The new version is copied and checked from the beginning. What was altered is kept as evidence for the operator.",
    ),
}

# What others are asked, as told to somebody who only reads of it.
_OTHER_CHECKERS = ("They look at every file and give their views.", _AFTER_CHECKING)
_OF_OTHERS = {
    State.SUBMITTED: _OTHER_CHECKERS,
    State.IN_REVIEW: _OTHER_CHECKERS,
    State.RETURNED: (
        "Whoever made the request answers the checkers' comments and hands in a new version from the workspace.",
        _WORDS[State.RETURNED][1],
    ),
    State.BLOCKED: (
        "A file on the shelf is not what was submitted: whoever made the request hands the files in anew, or takes it back.",
        _WORDS[State.BLOCKED][1],
    ),
}


def turn_of(view: RequestView, actor: Actor) -> TurnWords:
    """Return the words for a request as one person sees it."""
    mine = _is_mine(view, actor)
    words = _WORDS if mine else _WORDS | _OF_OTHERS
    asked, after = _DISPUTED if view.is_disputed else words[State(view.state)]
    who = "Nobody's turn" if view.turn == Turn.NOBODY else view.turn
    return TurnWords(who=who, asked=asked, next=after, mine=mine)


def _is_mine(view: RequestView, actor: Actor) -> bool:
    if view.state in {State.RETURNED, State.BLOCKED}:
        return view.requester_id == actor.person_id
    return not view.why_not_vote
