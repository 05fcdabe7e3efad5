"""Owns what every kind hands back: its cells and findings. Must never hold a rule."""

from collections.abc import Sequence
from dataclasses import dataclass

from output_checking.domain.checks.answer import JudgedCell
from output_checking.domain.checks.evidence.duck import Row, Source, quoted
from output_checking.domain.checks.evidence.sql import condition, number, person_key
from output_checking.domain.checks.evidence.survey import refuse_unsound
from output_checking.domain.checks.finding import Finding
from output_checking.domain.checks.refusal import CannotJudge
from output_checking.domain.checks.specification.model import Common


@dataclass(frozen=True, kw_only=True)
class Part:
    """What was found in an output of one kind, and how many stand behind it."""

    cells: tuple[JudgedCell, ...]
    findings: tuple[Finding, ...]
    records: int
    persons: int


def chosen_records(source: Source, spec: Common, columns: dict[str, str]) -> str:
    """Return the SQL of the records chosen: who (`p`) and the columns asked for, none of them missing.

    Args:
        columns: SQL name to the name of a column of numbers.

    Raises:
        CannotJudge: when a person is missing, a number is not finite, or nothing is left.
    """
    values = {name: number(column, source) for name, column in columns.items()}
    chosen = condition(spec.chosen, source)
    odd = " + ".join(f"count(*) filter ({chosen} and not isfinite({one}))" for one in values.values()) or "0"
    ((records, missing, odd_ones),) = source.rows(
        f"select count(*), count(*) - count({quoted(source.person)}), {odd} from {source.relation}"
    )
    refuse_unsound(source, records=records, missing=missing)
    if odd_ones:
        raise CannotJudge(
            f"{odd_ones:,} values of {', '.join(columns.values())} are infinite or NaN; declare them missing (null) first.",
            code="source.not_finite",
        )
    selected = ", ".join([f"{person_key(source)} as p", *(f"{value} as {name}" for name, value in values.items())])
    present = " and ".join([chosen, *(f"{value} is not null" for value in values.values())])
    return f"(select {selected} from {source.relation} where {present})"


def one_row(source: Source, statement: str) -> Row:
    """Return the only row of a statement."""
    (row,) = source.rows(statement)
    return row


def size_of(source: Source, records: str) -> tuple[int, int]:
    """Return how many records and persons were chosen.

    Raises:
        CannotJudge: `source.no_records` when none.
    """
    count, persons = one_row(source, f"select count(*), count(distinct p) from {records}")
    if not count:
        raise CannotJudge(
            "The filter leaves no complete records, so there is nothing to judge.", code="source.no_records"
        )
    return count, persons


def refuse_empty(cells: Sequence[JudgedCell]) -> None:
    """Refuse an output in which nobody is: its groups, or its bins, leave nothing to be judged.

    Raises:
        CannotJudge: `source.no_records`.
    """
    if not any(one.cell.persons for one in cells):
        raise CannotJudge(
            "The groups, or the edges, leave no records, so there is nothing to judge.", code="source.no_records"
        )
