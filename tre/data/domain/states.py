"""Owns the state tables of a dataset version and of a project's snapshot. Must never say who may make a move: that is Rego's."""

from tre.kernel.machine import Machine, mermaid, words

VERSION = Machine(
    noun="dataset version",
    first="loaded",
    moves={
        ("loaded", "sign"): "signed",
        ("signed", "accept"): "in_use",
        ("loaded", "refuse"): "refused",
        ("signed", "refuse"): "refused",
        ("in_use", "supersede"): "superseded",
        ("refused", "load_again"): "loaded",  # the same bytes, and both sign-offs anew
        ("superseded", "load_again"): "loaded",
    },
    turn={
        "loaded": "loader",
        "signed": "second person",
        "in_use": "nobody",
        "refused": "custodian",
        "superseded": "nobody",
    },
)

SNAPSHOT = Machine(
    noun="snapshot",
    first="requested",
    moves={
        ("requested", "start"): "building",
        ("building", "start"): "building",  # the broker was killed and takes the job again
        ("building", "finish"): "ready",
        ("building", "fail"): "failed",
        ("requested", "fail"): "failed",
        ("requested", "remove"): "removed",
        ("building", "remove"): "removed",
        ("ready", "remove"): "removed",
        ("failed", "remove"): "removed",
    },
    turn={
        "requested": "honest broker",
        "building": "honest broker",
        "ready": "nobody",
        "failed": "custodian",
        "removed": "nobody",
    },
)

ASSESSMENT = Machine(
    noun="assessment",
    first="ordered",
    moves={
        ("ordered", "make"): "ready",
        ("ordered", "fail"): "failed",
    },
    turn={"ordered": "honest broker", "ready": "nobody", "failed": "custodian"},
)

TWIN = Machine(
    noun="synthetic twin",
    first="ordered",
    moves={
        ("ordered", "start"): "building",
        ("building", "start"): "building",  # the broker was killed and takes the job again
        ("building", "finish"): "ready",
        ("ordered", "fail"): "failed",
        ("building", "fail"): "failed",
    },
    turn={"ordered": "honest broker", "building": "honest broker", "ready": "nobody", "failed": "custodian"},
)


def page() -> str:
    """Return docs/dataset-version-states.md: the table of a dataset version as a diagram and in words."""
    rows = [f"| {words(state)} | {VERSION.turn[state]} | {_MEANING[state]} |" for state in _MEANING]
    head = [
        "# States of a dataset version",
        "",
        "Made by `python -m tre.data.domain.states`; the table in code is the truth.",
        "",
    ]
    drawn = ["```mermaid", mermaid(VERSION) + "```", ""]
    return "\n".join([*head, *drawn, "| State | Whose turn | Meaning |", "|---|---|---|", *rows, ""])


_MEANING = {
    "loaded": "In the store, with its quality report. The person who loaded it signs first.",
    "signed": "The loader has signed. Another custodian or an admin accepts it, or refuses.",
    "in_use": "Both have signed: snapshots are built from it.",
    "refused": "Somebody said no, with a reason. The same files can be loaded again and need both sign-offs anew.",
    "superseded": "Another version took its place. Its files stay.",
}


if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
