"""The door of differencing: a new table and the register of earlier ones in; the small groups that stand out, and what was not followed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from output_checking.domain.checks.differencing.extent import Domains
from output_checking.domain.checks.differencing.gap import Gap, Unsettled
from output_checking.domain.checks.differencing.moved import find_held, find_moved
from output_checking.domain.checks.differencing.pairs import Kin, compare_pairs, find_kin
from output_checking.domain.checks.differencing.population import NO_DOMAINS
from output_checking.domain.checks.differencing.register import Register
from output_checking.domain.checks.differencing.released import Released, completed, sorted_axes
from output_checking.domain.checks.differencing.sums import find_sums


@dataclass(frozen=True)
class Differences:
    """What differencing found.

    Args:
        gaps: small groups; any makes the new table unsafe.
        unsettled: what could not be followed to its end; any makes it a case for a person, where nothing is unsafe.
        blurred: small groups of which a reader knows no more than the new table's own rounding leaves open: for a person.
    """

    gaps: tuple[Gap, ...]
    unsettled: tuple[Unsettled, ...] = ()
    blurred: tuple[Gap, ...] = ()


def compare(new: Released, register: Register, *, threshold: int, domains: Domains = NO_DOMAINS) -> Differences:
    """Return what a reader of the earlier tables learns when the new one is shown too.

    Args:
        new: the new table.
        register: the earlier tables of the same source.
        threshold: fewest persons in a group.
        domains: what is known of columns.
    """
    table = completed(sorted_axes(new))
    return compare_kin(table, register, list(find_kin(table, register)), threshold=threshold, domains=domains)


def compare_kin(
    table: Released, register: Register, kin: Sequence[Kin], *, threshold: int, domains: Domains = NO_DOMAINS
) -> Differences:
    """Return the same of a completed table with its axes in order, whose kin in the register is known.

    Args:
        table: the new table.
        register: the earlier tables of the same source.
        kin: what `find_kin` found of them.
        threshold: fewest persons in a group.
        domains: what is known of columns.
    """
    gaps: list[Gap] = []
    for one in kin:
        gaps += compare_pairs(table, one, threshold=threshold)
    # what the counts tell need not be told again by membership
    gaps = _joined(gaps, (gap for one in kin for gap in find_moved(table, one, threshold=threshold)))
    gaps = _joined(gaps, find_held(table, register, threshold=threshold))
    blurred = tuple(gap for gap in gaps if gap.is_blurred)
    found = _with_sums(
        table, register, [gap for gap in gaps if not gap.is_blurred], threshold=threshold, domains=domains
    )
    return replace(found, blurred=blurred)


def _joined(gaps: list[Gap], more: Iterable[Gap]) -> list[Gap]:
    """Both, without those between cells that are told apart already."""
    known = {(gap.cell, gap.earlier, gap.earlier_cell) for gap in gaps}
    return [*gaps, *(gap for gap in more if (gap.cell, gap.earlier, gap.earlier_cell) not in known)]


def _with_sums(new: Released, register: Register, gaps: list[Gap], *, threshold: int, domains: Domains) -> Differences:
    if gaps or register.holds(new):
        return Differences(tuple(gaps))  # what tells the same again adds nothing
    same = [one for one in register.different if not (one.version and new.version and one.version != new.version)]
    if not same:
        return Differences(())
    found, unsettled = find_sums(new, same, threshold=threshold, domains=domains)
    return Differences(tuple(found), tuple(unsettled))
