"""Owns an answer's private part: who stands in each cell, as keyed digests. Must never return a pseudonym, nor be released.

With it a later answer is compared by membership, so that one who left and one who came are seen.
"""

from collections.abc import Mapping

from output_checking.domain.checks.differencing.members import digest
from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.evidence.kept import KEPT, keep
from output_checking.domain.checks.evidence.layout import lay_out
from output_checking.domain.checks.evidence.survey import survey
from output_checking.domain.checks.specification.model import TableSpec

Levels = tuple[str, ...]
PrivatePart = Mapping[tuple[Levels, Levels], tuple[str, ...]]


def find_members(source: Source, spec: TableSpec, *, key: bytes) -> PrivatePart:
    """Return the keyed digests of each cell's persons, as 16 hexadecimal digits each, in order; totals follow from the cells.

    Args:
        source: the records.
        spec: the table.
        key: secret, 16 to 64 bytes; digests of different keys tell nothing of each other.
    """
    layout = lay_out(source, spec.rows, spec.columns, chosen=spec.chosen)
    keep(source, spec, layout, survey(source, spec))
    held: dict[int, list[str]] = {}
    digests: dict[int, str] = {}
    for person, code in source.rows(f"select distinct p, c from {KEPT}"):
        if person not in digests:
            digests[person] = f"{digest(person, key=key):016x}"
        held.setdefault(code, []).append(digests[person])
    return {(row, column): tuple(sorted(held.get(code, ()))) for code, (row, column) in enumerate(layout.grid)}
