"""Rule: a count of fewer than the threshold of persons can single somebody out.

Source: minimum frequency rule, SDC Handbook (Welpton 2019) section "Frequency tables"; ACRO `safe_threshold` 10 and
`zeros_are_disclosive`; UK LLC counts zero as small. The figure is the installation's risk appetite. From a file alone the
rule can only judge what is written: the rule engine on the data itself judges by the persons behind each cell.
"""

from collections.abc import Iterator

from output_checking.domain.checks.files.columns import Reading, read_columns, whole_number
from output_checking.domain.checks.files.finding import Finding, Severity
from output_checking.domain.checks.files.tabular import Table

UNDER = "small_counts.under_threshold"
ZERO = "small_counts.zero"


def small_counts(table: Table, *, threshold: int) -> Iterator[Finding]:
    """Yield a finding for each cell of a count-like column that is under `threshold` persons."""
    for reading in read_columns(table):
        for row, cell in enumerate(table.column(reading.place), start=1):
            if reading.rows is not None and row not in reading.rows:
                continue
            count = whole_number(cell)
            if count is not None and count < threshold:
                yield _finding(reading, row, count, threshold)


def _finding(reading: Reading, row: int, count: int, threshold: int) -> Finding:
    figures: dict[str, str | int | float] = {
        "count": count,
        "threshold": threshold,
        "read_as_count_because": reading.because,
    }
    if count == 0:
        return Finding(
            severity=Severity.WARN,
            rule=ZERO,
            sentence="A count of 0 tells that nobody in this group has it, which is a fact about everybody in the group.",
            remedy="Merge the group with a neighbour, or tell the checkers why nobody could be in it.",
            row=row,
            column=reading.name,
            figures=figures,
        )
    hedge = "" if reading.is_named else " It looks like a count; if it is not, say so in the context."
    return Finding(
        severity=Severity.WARN,
        rule=UNDER,
        sentence=f"A count of {count} is under the threshold of {threshold} persons.{hedge}",
        remedy=f"Merge it with a neighbouring group, or suppress it together with one more cell of its row and column, or round all counts to base {threshold}.",
        row=row,
        column=reading.name,
        figures=figures,
    )
