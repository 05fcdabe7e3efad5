"""Owns the answer as a table that a person reads in a terminal; a flagged cell bears `!`, one for review `?`."""

from collections import Counter

from output_checking.domain.checks.answer import Answer, JudgedCell
from output_checking.domain.checks.command.grid import Grid, set_out, shown
from output_checking.domain.checks.finding import Finding, Verdict, Weight, verdict_of

SENTENCE = {
    Verdict.SAFE: "SAFE: no rule found anything.",
    Verdict.UNSAFE: "UNSAFE: it must not be released as it is.",
    Verdict.REVIEW: "REVIEW: the engine cannot say; a person must look.",
}
_MARK = {Verdict.SAFE: "", Verdict.UNSAFE: " !", Verdict.REVIEW: " ?"}
MOST_FINDINGS, WIDEST = 40, 24


def as_text(answer: Answer) -> str:
    """Return the answer for a terminal."""
    grid = set_out(answer)
    parts = [SENTENCE[answer.verdict], ""]
    if answer.spec.get("title"):
        parts.insert(0, _plain(str(answer.spec["title"])))
    parts += [*_lines(grid), ""] if grid.cells else []
    parts += _findings(answer)
    applied = answer.appetite
    parts.append(
        f"{answer.persons:,} persons, {answer.records:,} records. Applied: risk appetite '{_plain(applied.version)}', at least "
        f"{applied.threshold} persons, ({applied.dominance_persons}, {applied.dominance_share:.0%}), p {applied.p_percent:g} %, "
        f"empty cells {applied.empty_cells}."
    )
    return "\n".join(parts)


def _lines(grid: Grid) -> list[str]:
    table = [["", *(_plain(one)[:WIDEST] for one in grid.columns)]]
    for row in grid.rows:
        table.append([_plain(row)[:WIDEST], *(_written(grid.cells.get((row, column))) for column in grid.columns)])
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        ).rstrip()
        for line in table
    ]


def _written(one: JudgedCell | None) -> str:
    if one is None:
        return ""
    return _plain(shown(one.cell.value)) + (_MARK[verdict_of(list(one.findings))] or "  ")


def _findings(answer: Answer) -> list[str]:
    told = [("the whole output", one) for one in answer.findings]
    for cell in answer.cells:
        told += [(_place(cell), one) for one in cell.findings if one.weight is not Weight.NOTE]
    lines = [line for place, one in told[:MOST_FINDINGS] for line in _finding(place, one)]
    if len(told) > MOST_FINDINGS:
        rest = Counter(one.rule for _, one in told[MOST_FINDINGS:])
        lines.append(
            "And more: "
            + ", ".join(f"{rule} {count:,} times" for rule, count in sorted(rest.items()))
            + " (all in --format json)."
        )
    return [*lines, ""] if lines else []


def _finding(place: str, one: Finding) -> list[str]:
    return [
        f"[{one.rule}] {_plain(place)}: {_plain(one.sentence)}",
        f"    A reader could learn: {one.learns}",
        f"    Remedy: {one.remedy}",
    ]


def _place(one: JudgedCell) -> str:
    cell = one.cell
    return " × ".join(" / ".join(part) for part in (cell.row, cell.column) if part) or "the total"


def _plain(given: str) -> str:
    # a level's name comes from the data: it must not steer the terminal
    return "".join(one if one.isprintable() else "�" for one in given)
