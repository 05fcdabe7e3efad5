"""Owns the state table of a release request and whose turn each state is. Must never say who may move: Rego does.

docs/request-states.md is generated from this table (tests/unit/outputs/test_states.py holds it current).
"""

from enum import StrEnum

from tre.kernel.machine import Machine, mermaid, words


class State(StrEnum):
    """Where a release request is."""

    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    RELEASED = "released"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    BLOCKED = "blocked"


class Turn(StrEnum):
    """Who is asked to do something next."""

    CHECKERS = "output checkers"
    RESEARCHER = "researcher"
    NOBODY = "nobody"


REQUEST = Machine(
    noun="release request",
    first=State.SUBMITTED,
    moves={
        (State.SUBMITTED, "begin_review"): State.IN_REVIEW,
        (State.SUBMITTED, "withdraw"): State.WITHDRAWN,
        (State.SUBMITTED, "block"): State.BLOCKED,
        (State.IN_REVIEW, "release"): State.RELEASED,
        (State.IN_REVIEW, "return"): State.RETURNED,
        (State.IN_REVIEW, "refuse"): State.REFUSED,
        (State.IN_REVIEW, "withdraw"): State.WITHDRAWN,
        (State.IN_REVIEW, "block"): State.BLOCKED,
        (State.RETURNED, "submit_again"): State.SUBMITTED,
        (State.RETURNED, "withdraw"): State.WITHDRAWN,
        (State.RETURNED, "block"): State.BLOCKED,
        (State.RELEASED, "block"): State.BLOCKED,
        (State.BLOCKED, "submit_again"): State.SUBMITTED,
        (State.BLOCKED, "withdraw"): State.WITHDRAWN,
    },
    turn={
        State.SUBMITTED: Turn.CHECKERS,
        State.IN_REVIEW: Turn.CHECKERS,
        State.RETURNED: Turn.RESEARCHER,
        State.RELEASED: Turn.NOBODY,
        State.REFUSED: Turn.NOBODY,
        State.WITHDRAWN: Turn.NOBODY,
        State.BLOCKED: Turn.RESEARCHER,
    },
)

OPEN_FOR_VOTES = frozenset({State.SUBMITTED, State.IN_REVIEW})

MEANING = {
    State.SUBMITTED: "Files are frozen and checked by rule; no output checker has given a view yet.",
    State.IN_REVIEW: "At least one output checker has given a view; more are needed.",
    State.RETURNED: "The checkers ask for changes: hand in a new version from the workspace.",
    State.RELEASED: "The checkers approved: members with the right to it can download the files.",
    State.REFUSED: "The checkers refused: the files stay inside.",
    State.WITHDRAWN: "The researcher took it back: nothing of it can be released or downloaded.",
    State.BLOCKED: "A file on the shelf is not what was submitted: nothing leaves until the files are handed in anew and checked anew.",
}


def page() -> str:
    """Return the page docs/request-states.md: diagram and a row for each state."""
    rows = [f"| {words(state)} | {REQUEST.turn[state]} | {MEANING[state]} |" for state in State]
    return "\n".join(
        [
            "# States of a release request",
            "",
            "Generated from `output_checking/domain/states.py` by `python -m output_checking.domain.states`; do not edit by hand.",
            "Who may make each move is written in `tre/policy/rego/tre/outputs/`.",
            "",
            "```mermaid",
            mermaid(REQUEST) + "```",
            "",
            "| State | Whose turn | Meaning |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
