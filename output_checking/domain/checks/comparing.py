"""Owns the judging of a table beside earlier ones: by what they count, and by what their sums differ by. Must never read an answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from output_checking.domain.checks.answer import JudgedCell
from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.differencing.amounts import Pair, ample, find_pairs, told
from output_checking.domain.checks.differencing.compare import compare_kin
from output_checking.domain.checks.differencing.earlier import lay_new
from output_checking.domain.checks.differencing.findings import (
    CELL,
    MOST_TOLD,
    RULE,
    TOTAL,
    say_unsettled,
    with_differences,
)
from output_checking.domain.checks.differencing.gap import Unsettled, Way
from output_checking.domain.checks.differencing.laying import key_at
from output_checking.domain.checks.differencing.pairs import Kin, find_kin
from output_checking.domain.checks.differencing.released import Released, completed, sorted_axes
from output_checking.domain.checks.earlier_answers import EarlierAnswers
from output_checking.domain.checks.evidence.cells import Key
from output_checking.domain.checks.evidence.groups import Added, Between, find_added
from output_checking.domain.checks.evidence.membership import PrivatePart
from output_checking.domain.checks.finding import Finding, Weight
from output_checking.domain.checks.specification.model import TableSpec

MOST_GROUPS = 1_000
MOST_NAMED = 5
Judged = tuple[tuple[JudgedCell, ...], tuple[Finding, ...]]


def judge_beside(
    judged: Sequence[JudgedCell],
    spec: TableSpec,
    earlier: EarlierAnswers,
    *,
    appetite: Appetite,
    members: PrivatePart | None = None,
) -> Judged:
    """Return the judged cells with what a reader learns who also has the earlier answers, and what is said of the whole.

    Args:
        judged: the new table's cells, with their true persons.
        spec: what it is.
        earlier: answers on the same data.
        appetite: what applies.
        members: the new table's private part, under the earlier answers' key.
    """
    domains = earlier.domains(spec)
    cells = [one.cell for one in judged]
    own = [members.get((one.row, one.column)) for one in cells] if members else ()
    new = completed(sorted_axes(lay_new(spec, cells, domains=domains, members=own)))
    kin = list(find_kin(new, earlier.register))
    found = compare_kin(new, earlier.register, kin, threshold=appetite.threshold, domains=domains)
    with_gaps, whole = with_differences(judged, found, lambda place: key_at(new, spec, place))
    told_, more = _judge_sums(with_gaps, _New(new, spec, kin), earlier, appetite)
    return told_, (*whole, *_not_followed(earlier), *more)


@dataclass(frozen=True)
class _New:
    """The new table, what it is, and the earlier ones whose cells nest with it."""

    table: Released
    spec: TableSpec
    kin: Sequence[Kin]


@dataclass(frozen=True)
class _Group:
    """What a new cell and an earlier one differ by."""

    pair: Pair
    mine: tuple[TableSpec, Key]
    theirs: tuple[TableSpec, Key]

    @property
    def between(self) -> Between:
        is_within = self.pair.way is Way.WITHIN
        greater, lesser = (self.theirs, self.mine) if is_within else (self.mine, self.theirs)
        return Between(greater=greater, lesser=lesser)


def _judge_sums(judged: Sequence[JudgedCell], new: _New, earlier: EarlierAnswers, appetite: Appetite) -> Judged:
    """The cells with what the sums behind them give away beside earlier ones, and what was not followed."""
    shown = new.table.shown
    if shown is None or not any(one.stack.alike(shown).any() for one in new.kin):
        return tuple(judged), ()
    most, enough = earlier.most(shown), ample(new.spec, appetite)
    pairs = find_pairs(new.table, new.kin, most=most, threshold=appetite.threshold, ample=enough)
    found = [_group(new, one) for one in islice(pairs, MOST_GROUPS + 1)]
    cells, whole = _with_findings(earlier, judged, found[:MOST_GROUPS], appetite)
    return cells, (*whole, *_beyond(len(found)))


def _group(new: _New, pair: Pair) -> _Group:
    return _Group(
        pair=pair,
        mine=(new.spec, key_at(new.table, new.spec, pair.mine)),
        theirs=(pair.spec, key_at(pair.earlier, pair.spec, pair.theirs)),
    )


def _with_findings(
    earlier: EarlierAnswers, judged: Sequence[JudgedCell], groups: Sequence[_Group], appetite: Appetite
) -> Judged:
    if not groups:
        return tuple(judged), ()
    spec = groups[0].mine[0]
    found: dict[Key, list[Finding]] = {(one.cell.row, one.cell.column): [] for one in judged}
    elsewhere: list[Finding] = []  # of totals that the output does not show
    added = find_added(earlier.source, spec, [one.between for one in groups], places=max(2, appetite.dominance_persons))
    for group, one in zip(groups, added, strict=True):
        why = told(one, spec, appetite)
        place = found.get(group.mine[1], elsewhere)
        if why and len(place) < MOST_TOLD:
            place.append(_finding(group, one, why, of=TOTAL if place is elsewhere else CELL))
    cells = (replace(one, findings=(*one.findings, *found[one.cell.row, one.cell.column])) for one in judged)
    return tuple(cells), () if any(found.values()) else tuple(elsewhere)


def _finding(group: _Group, added: Added, why: str, *, of: str) -> Finding:
    earlier, cell = group.pair.earlier, group.pair.earlier.where(group.pair.theirs)
    return Finding(
        rule=RULE,
        figures={
            "way": str(group.pair.way),
            "earlier": earlier.name,
            "persons": added.holders,
            "difference": group.pair.amount,
        },
        sentence=f"What {of} and '{cell}' of {earlier.name} differ by is a sum as well: {why}.",
        learns="What a person adds, or nearly so, by subtraction.",
        remedy="Use the same population, bands and filter as the earlier answer, or hide or merge cells so that the difference is not known.",
    )


def _beyond(count: int) -> tuple[Finding, ...]:
    if count <= MOST_GROUPS:
        return ()
    return (
        say_unsettled(
            Unsettled(
                code="differencing.too_large",
                sentence=f"This table and the earlier ones differ by more than {MOST_GROUPS:,} sums that had to be looked at; the others were not.",
                figures={"bound": MOST_GROUPS},
            )
        ),
    )


def _not_followed(earlier: EarlierAnswers) -> Iterator[Finding]:
    if earlier.others:
        yield _not_tables(len(earlier.others))
    if earlier.foreign:
        yield _foreign(earlier.foreign)


def _foreign(names: Sequence[str]) -> Finding:
    several = len(names) > MOST_NAMED
    told = ", ".join(f"'{one}'" for one in names[:MOST_NAMED]) + (
        f" and {len(names) - MOST_NAMED} more" if several else ""
    )
    return Finding(
        rule=RULE,
        weight=Weight.NOTE,
        figures={"other_columns": len(names)},
        sentence=f"These earlier answers are made of columns that these data have not, so only their counts were compared: {told}.",
        learns="Not followed.",
        remedy="See that they are of the same data; if not, leave them out.",
    )


def _not_tables(count: int) -> Finding:
    return Finding(
        rule=RULE,
        weight=Weight.NOTE,
        figures={"not_tables": count},
        sentence=f"{count} of the earlier answers are no tables (models, curves, plots); they were not compared.",
        learns="Not followed.",
        remedy="None is needed unless they are of the same few persons.",
    )
