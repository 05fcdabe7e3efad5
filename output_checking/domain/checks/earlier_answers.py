"""Owns the answers on a source that were released before: each is read once and held against any number of new tables.

Must never judge, nor answer for another source than its own: what is known of the columns is asked of the data.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from output_checking.domain.checks.differencing.earlier import as_table, read_earlier
from output_checking.domain.checks.differencing.extent import Domain, Domains
from output_checking.domain.checks.differencing.register import Register
from output_checking.domain.checks.differencing.shown import Family, Shown
from output_checking.domain.checks.evidence.domains import find_domains
from output_checking.domain.checks.evidence.duck import Source
from output_checking.domain.checks.evidence.groups import Most, largest_person
from output_checking.domain.checks.evidence.sql import condition
from output_checking.domain.checks.evidence.sums import cell_sums
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.expression import columns_of
from output_checking.domain.checks.specification.model import TableSpec

Given = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Other:
    """An earlier answer that is no table: its kind, and of how many persons it is, where it says so."""

    name: str
    kind: str
    persons: int | None


class EarlierAnswers:
    """The earlier answers on one source.

    Args:
        source: the records; it stays open as long as the answers are in use.
        answers: as JSON has them; each needs no more than `spec` and `cells` with their `row`, `column` and `persons`.

    Raises:
        CannotJudge: `earlier.malformed`, or the specification's own codes.
    """

    def __init__(self, source: Source, answers: Iterable[Given] = ()) -> None:
        self.source = source
        self.register = Register()
        self.others: list[Other] = []
        self.foreign: list[str] = []  # tables made of columns that these data have not
        self._domains: dict[str, Domain] = {}
        self._most: dict[Family, Most] = {}
        for one in answers:
            self.add(one)

    def __len__(self) -> int:
        """Return how many answers there are, those that are no tables among them."""
        return len(self.register) + len(self.others)

    def add(self, answer: Given) -> None:
        """Read one more answer, as when an output was released."""
        place = len(self) + 1
        name = str(answer.get("name") or "") if isinstance(answer, Mapping) else ""
        called = name or f"earlier answer {place}"
        answer, spec = as_table(answer, called)
        if spec is None:
            self.others.append(_other(answer, called))
            return
        is_there = self._has_columns(spec)
        self.foreign += [] if is_there else [called]
        behind = partial(cell_sums, self.source) if is_there else None
        self.register.add(read_earlier(answer, spec, name=called, domains=self.domains(spec), behind=behind))

    def refuse_other(self, source: Source) -> None:
        """Refuse to be held against a table of another source: what is known of the columns would be untrue.

        Raises:
            CannotJudge: `earlier.of_another_source`.
        """
        if source is not self.source:
            raise CannotJudge(
                "The earlier answers were read for other data; read them again for these.",
                code="earlier.of_another_source",
            )

    def domains(self, spec: TableSpec) -> Domains:
        """Return what is known of all columns that a table, or an earlier one, is split or chosen by."""
        used = {one.column for one in spec.dimensions} | (columns_of(spec.chosen) if spec.chosen else set())
        self._domains |= find_domains(self.source, used - self._domains.keys())
        return self._domains

    def most(self, shown: Shown) -> Most:
        """Return what a person adds to all of the data at most, by the measure of some sums."""
        if shown.family not in self._most:
            self._most[shown.family] = largest_person(self.source, shown.spec)
        return self._most[shown.family]

    def _has_columns(self, spec: TableSpec) -> bool:
        """Whether the data have what a table was made of: else only its counts are compared, and that is said."""
        try:
            condition(spec.chosen, self.source)
        except CannotJudge:
            return False
        return {one.column for one in spec.dimensions} <= self.source.types.keys()


def _other(answer: Given, name: str) -> Other:
    persons = answer.get("persons")
    return Other(
        name=name, kind=str(answer["spec"].get("kind", "")), persons=persons if isinstance(persons, int) else None
    )
