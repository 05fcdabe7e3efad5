"""Owns the answer as a table that a person reads in a terminal; a flagged cell bears `!`, one for review `?`."""

from collections.abc import Iterator, Sequence

from output_checking.domain.checks.answer import Answer, JudgedCell
from output_checking.domain.checks.command.found import Group, grouped
from output_checking.domain.checks.command.grid import Grid, Heading, described, named, place_of, set_out
from output_checking.domain.checks.command.plain import padded, plain, terminal_width, width_of, wrapped
from output_checking.domain.checks.finding import Verdict, Weight, verdict_of

SENTENCE = {
    Verdict.SAFE: "SAFE: no rule found anything.",
    Verdict.UNSAFE: "UNSAFE: it must not be released as it is.",
    Verdict.REVIEW: "REVIEW: the engine cannot say; a person must look.",
}
_MARK = {Verdict.SAFE: "  ", Verdict.UNSAFE: " !", Verdict.REVIEW: " ?"}
_MEANING = {"!": "! must not be shown as it is", "?": "? a person must look"}
MOST_CELLS, MOST_PLACES, MOST_NOTED, WIDEST = 2_000, 12, 3, 24


def as_text(answer: Answer) -> str:
    """Return the answer for a terminal."""
    lines = [*wrapped(plain(str(answer.spec["title"])))] if answer.spec.get("title") else []
    lines += [*wrapped(SENTENCE[answer.verdict]), ""]
    lines += [*wrapped(f"{described(answer.spec)}:"), *_cells(answer), ""] if answer.cells else []
    for group in grouped(answer):
        lines += [*_group(group, answer), ""]
    return "\n".join([*lines, *_applied(answer)])


def _applied(answer: Answer) -> Iterator[str]:
    applied = answer.appetite
    yield from wrapped(
        f"{answer.persons:,} persons, {answer.records:,} records. Applied: risk appetite '{plain(applied.version)}', at least "
        f"{applied.threshold:,} persons, ({applied.dominance_persons}, {applied.dominance_share:.0%}), p {applied.p_percent:g} %, "
        f"empty cells {applied.empty_cells}."
    )


def _cells(answer: Answer) -> Iterator[str]:
    marks = [_mark(one).strip() for one in answer.cells]
    if len(marks) > MOST_CELLS:
        told = f"{len(marks):,} cells, {marks.count('!'):,} of them unsafe and {marks.count('?'):,} for review: too many for a terminal. "
        yield from wrapped(told + "--format html sets them out, --format json lists them.")
        return
    yield from _table(set_out(answer))
    if any(marks):
        yield "(" + "; ".join(meaning for sign, meaning in _MEANING.items() if sign in marks) + ")"


def _table(grid: Grid) -> Iterator[str]:
    """Yield the lines of the table, as many columns beside each other as the terminal is wide."""
    rows = [padded(one, 0) for one in _cut([named(row) or "All" for row in grid.rows])]
    heads = _cut([grid.column(column) for column in grid.columns])
    first = max(map(width_of, [grid.corner, *rows]))
    columns = [_column(grid, column, head) for column, head in zip(grid.columns, heads, strict=True)]
    for number, block in enumerate(_blocks(columns, terminal_width() - first)):
        if number:
            yield ""
        for name, *line in zip([grid.corner, *rows], *block, strict=True):
            yield "  ".join([padded(name, first), *line]).rstrip()


def _column(grid: Grid, column: Heading, head: str) -> list[str]:
    cells = [grid.cells.get((row, column)) for row in grid.rows]
    found = [head + "  ", *("" if one is None else grid.shown(one) + _mark(one) for one in cells)]
    width = max(map(width_of, found))
    return [padded(one, width, side="left") for one in found]


def _blocks(columns: Sequence[list[str]], room: int) -> Iterator[list[list[str]]]:
    block: list[list[str]] = []
    left = room
    for column in columns:
        need = width_of(column[0]) + 2
        if block and need > left:
            yield block
            block, left = [], room
        block.append(column)
        left -= need
    yield block


def _cut(names: list[str]) -> list[str]:
    """Return names short enough for a table, no two of them the same."""
    for cut in (
        [one if len(one) <= WIDEST else one[: WIDEST - 1] + "…" for one in names],
        [one if len(one) <= WIDEST else f"{one[:11]}…{one[-12:]}" for one in names],
    ):
        if len(set(cut)) == len(set(names)):
            return cut
    return names


def _mark(one: JudgedCell) -> str:
    return _MARK[verdict_of(list(one.findings))]


def _group(group: Group, answer: Answer) -> Iterator[str]:
    one = group.finding
    yield from wrapped(f"{str(one.weight).upper()}: {group.name}, {group.extent}", indent=2)
    most = MOST_NOTED if one.weight is Weight.NOTE else MOST_PLACES
    for place in group.places[:most]:
        where = f"{place_of(place.cell, answer)}: " if place.cell else ""
        yield from wrapped(f"  {where}{plain(place.sentence)}", indent=6)
    if len(group.places) > most:
        yield f"  and {len(group.places) - most:,} more (all in --format json)"
    yield from wrapped(f"  A reader could learn: {plain(one.learns)}", indent=6)
    yield from wrapped(f"  Remedy: {plain(one.remedy)}", indent=6)
