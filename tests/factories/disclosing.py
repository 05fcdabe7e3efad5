"""Owns what tests of re-identification and bridges start from: who stands at the broker's command line, and persons of a snapshot."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from tre.plumbing.unit_of_work import Context

As = Callable[[str], Context]
REASON = "A finding in the scan needs urgent care; the hospital asks."


def at_the_broker(as_person: As, person_id: str, *roles: str) -> Context:
    """The context of a person at the broker's command line; `roles` in place of those held."""
    ctx = as_person(person_id)
    held = frozenset(roles) or ctx.actor.roles
    return replace(ctx, actor=replace(ctx.actor, proved_by="command-line", roles=held))


def pseudonyms_in(snapshot: Path) -> set[str]:
    """Every person's pseudonym in a snapshot."""
    found: set[str] = set()
    for path in (snapshot / "tables").rglob("*.parquet"):
        table = pq.ParquetFile(path).read()
        if "person" in table.column_names:
            found |= set(table.column("person").to_pylist())
    return found
