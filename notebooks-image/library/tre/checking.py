"""Owns the asking of the disclosure checks inside the workspace, before any request. Must never be taken for the checkers' decision.

The engine is the same as outside; outside, it runs again on the data itself, and two output checkers decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tre.errors import NotJudged
from tre.snapshot import connect, described

if TYPE_CHECKING:
    import duckdb

    from output_checking.domain.checks.answer import Answer

PERSON = "person"


@dataclass(frozen=True)
class Checked:
    """What the checks say: `verdict`, and everything behind it in `answer`."""

    answer: "Answer"

    @property
    def verdict(self) -> str:
        """Return `safe`, `unsafe` or `review`."""
        return str(self.answer.verdict)

    def __repr__(self) -> str:
        """Say it as a table with flagged cells marked, and each finding under it."""
        from output_checking.domain.checks.command.text import as_text

        return as_text(self.answer)

    def _repr_html_(self) -> str:
        from output_checking.domain.checks.command.html import as_frame

        return as_frame(self.answer)


def check(
    table: str,
    *,
    connection: "duckdb.DuckDBPyConnection | None" = None,
    person: str = PERSON,
    earlier: "Sequence[Checked | Mapping[str, Any]] | Checked" = (),
    **specification: Any,
) -> Checked:
    """Return what the disclosure checks find in an output made from `table`.

        tre.check("respondents", rows=["RIAGENDR"], statistic="mean", measure="BPXSY1")

    Args:
        table: a table of the project, or one of your own in `connection`; it must say in `person` whose each record is.
        connection: where your own table is; without it the project's tables.
        person: the column that says whose record it is.
        earlier: what this said of outputs that were released before, or such answers as JSON has them.
        specification: the parts of a specification: `rows`, `columns`, `statistic`, `measure`, `filter`, `margins`, `kind`, …

    Raises:
        NotJudged: there is no answer, and why.
        NoSuchTable: the project has no such table.
    """
    from output_checking.domain.checks.check import check as judge
    from output_checking.domain.checks.evidence.duck import lend, quoted
    from output_checking.domain.checks.refusal import CannotJudge

    if connection is None:
        described(table)
    try:
        with lend(connection or connect(), quoted(table), person=person) as source:
            return Checked(judge(source, _as_json(specification), earlier=_answers(earlier)))
    except CannotJudge as refusal:
        raise NotJudged(refusal.sentence) from None


def _answers(earlier: "Sequence[Checked | Mapping[str, Any]] | Checked") -> list[Mapping[str, Any]]:
    several = [earlier] if isinstance(earlier, Checked | Mapping) else earlier
    return [one.answer.as_json() if isinstance(one, Checked) else one for one in several]


def _as_json(given: Any) -> Any:
    """Return a specification as JSON has it: tuples, and the numbers and arrays of NumPy and pandas, are what they hold."""
    if isinstance(given, Mapping):
        return {name: _as_json(inner) for name, inner in given.items()}
    if isinstance(given, list | tuple | range):
        return [_as_json(inner) for inner in given]
    return _as_json(given.tolist()) if hasattr(given, "tolist") else given
