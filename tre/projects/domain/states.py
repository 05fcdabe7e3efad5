"""Owns the project's state table: the one place that says which move exists. Who may make it is written in Rego.

docs/project-states.md is generated from this table (tests/unit/projects/test_states.py holds it current).
"""

from tre.kernel.machine import Machine, mermaid

DRAFT = "draft"
SUBMITTED = "submitted"
APPROVED = "approved"
REFUSED = "refused"
SUSPENDED = "suspended"
CLOSED = "closed"

MACHINE = Machine(
    noun="project",
    first=DRAFT,
    moves={
        (DRAFT, "submit"): SUBMITTED,
        (SUBMITTED, "approve"): APPROVED,
        (SUBMITTED, "refuse"): REFUSED,
        (APPROVED, "suspend"): SUSPENDED,
        (APPROVED, "close"): CLOSED,
        (SUSPENDED, "resume"): APPROVED,
        (SUSPENDED, "close"): CLOSED,
    },
    turn={
        DRAFT: "the applicant",
        SUBMITTED: "those who decide",
        APPROVED: "the project's members",
        SUSPENDED: "an admin",
        REFUSED: "nobody",
        CLOSED: "nobody",
    },
)

# Refused is public as well: a register that shows only what was allowed does not show how it is decided.
ON_THE_REGISTER = (APPROVED, SUSPENDED, CLOSED, REFUSED)

MEANING = {
    DRAFT: "The applicant writes the application; only they and the members they named see it.",
    SUBMITTED: "It was sent and can no longer be changed; every custodian, an admin and a lay reviewer decide.",
    APPROVED: "Everybody needed said yes: the data is made ready and the members can work, until the end date.",
    REFUSED: "Somebody said no, with a reason. A new application can answer it.",
    SUSPENDED: "An admin stopped it: workspaces ended within seconds, nothing can be opened or downloaded.",
    CLOSED: "It has ended for good.",
}


def page() -> str:
    """Return the page docs/project-states.md: diagram and a row for each state."""
    rows = [f"| {state} | {MACHINE.turn[state]} | {meaning} |" for state, meaning in MEANING.items()]
    head = [
        "# States of a project",
        "",
        "Generated from `tre/projects/domain/states.py` by `python -m tre.projects.domain.states`; do not edit by hand.",
        "Who may make each move is written in `tre/policy/rego/tre/projects/`.",
        "",
        "```mermaid",
        mermaid(MACHINE) + "```",
        "",
        "| State | Whose turn | Meaning |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
