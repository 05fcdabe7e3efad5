"""Owns the project's state table: the one place that says which move exists. Who may make it is written in Rego."""

from tre.kernel.machine import Machine

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
        SUSPENDED: "the admin",
        REFUSED: "nobody",
        CLOSED: "nobody",
    },
)

# Refused is public as well: a register that shows only what was allowed does not show how it is decided.
ON_THE_REGISTER = (APPROVED, SUSPENDED, CLOSED, REFUSED)
