"""Owns which amounts of a table a reader would reckon with, and how much of each hidden one must stay open."""

from dataclasses import dataclass

import numpy as np

from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.evidence.cells import Cell
from output_checking.domain.checks.linked.audit import Levels, only_width
from output_checking.domain.checks.linked.equations import Equations, Floats
from output_checking.domain.checks.linked.protection import dominance_level, p_percent_level, safety_range
from output_checking.domain.checks.linked.sheet import Flags, Sheet
from output_checking.domain.checks.specification.model import Statistic, TableSpec

# sums are reckoned with as millionths of the largest, so that neither tiny nor huge ones are lost in the arithmetic
_LARGEST = 1e6
# what is not to be known exactly stays open by so much of it at least
_LEAST = 1e-4


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What the reader's arithmetic is done with.

    Args:
        amounts: of each place of the sheet: what is shown where that adds up (counts, sums), else the records behind.
        equations: the sums that hold between them.
        levels: how much of each must stay open if it is hidden and unsafe.
        floor: least that a hidden amount can be.
        whole: amounts are whole numbers.
        unit: how much of the table's own unit one of the amounts is.
        behind: what the amounts are called where they are not what the table shows.
    """

    amounts: Floats
    equations: Equations
    levels: Levels
    floor: float = 0.0
    whole: bool = True
    unit: float = 1.0
    behind: str = ""


def bases_of(sheet: Sheet, spec: TableSpec, appetite: Appetite, *, unsafe: Flags) -> tuple[Basis, ...]:
    """Return the bases of a table: what is hidden must stay open on each of them.

    Args:
        sheet: the table.
        spec, appetite: what it is, and what applies.
        unsafe: places that must not be shown.

    A mean, a median and the like do not add up; they are audited by the records behind, as if those were known. So are sums,
    besides their amounts: what is left of a total without the cells shown may be that of few persons though it is wide.
    """
    if spec.statistic is Statistic.SUM:
        return _of_sums(sheet, spec, appetite, unsafe), _of_records(sheet, appetite, unsafe, behind="records")
    if spec.statistic is Statistic.PERSONS:
        # shares add up to one whoever stands in several of them
        amounts = sheet.added_up(sheet.counted) if spec.normalize else sheet.counted
        levels = only_width(np.where(unsafe, float(appetite.threshold), 0.0))
        behind = "persons" if spec.normalize else ""
        return (Basis(amounts=amounts, equations=sheet.equations(amounts), levels=levels, behind=behind),)
    is_shown = spec.statistic is Statistic.COUNT and not spec.weight and not spec.normalize
    return (_of_records(sheet, appetite, unsafe, behind="" if is_shown else "records"),)


def _of_records(sheet: Sheet, appetite: Appetite, unsafe: Flags, *, behind: str) -> Basis:
    amounts = sheet.records
    # open by the threshold of persons: as many records as so many persons have in such a cell
    level = appetite.threshold * np.maximum(1.0, amounts / np.maximum(1.0, sheet.counted))
    return Basis(
        amounts=amounts,
        equations=sheet.equations(amounts),
        levels=only_width(np.where(unsafe, level, 0.0)),
        behind=behind,
    )


def _of_sums(sheet: Sheet, spec: TableSpec, appetite: Appetite, unsafe: Flags) -> Basis:
    unit = float(np.abs(sheet.sums).max(initial=0.0)) / _LARGEST or 1.0
    amounts = sheet.sums / unit
    largest, second = (np.array([part(one) for one in sheet.cells]) / unit for part in (_largest, _second))
    top = np.array([_top(one, appetite.dominance_persons) for one in sheet.cells]) / unit
    absolute = np.array([one.measure.absolute if one and one.measure else 0.0 for one in sheet.cells]) / unit
    level = np.maximum.reduce(
        [
            p_percent_level(absolute, largest, second, p=appetite.p_percent),
            dominance_level(absolute, top, share=appetite.dominance_share),
            safety_range(amounts, percent=appetite.p_percent),
            np.maximum(_LEAST, 1e-8 * np.abs(amounts)),
        ]
    )
    wanted = np.where(unsafe, level, 0.0)
    has_negatives = any(one.measure.negatives for one in sheet.cells if one and one.measure)
    return Basis(
        amounts=amounts,
        equations=sheet.equations(amounts),
        levels=Levels(wanted, wanted),
        floor=-np.inf if has_negatives else 0.0,
        whole=False,
        unit=unit,
        behind="sum" if spec.normalize else "",
    )


def _largest(cell: Cell | None) -> float:
    return cell.measure.largest[0] if cell and cell.measure else 0.0


def _second(cell: Cell | None) -> float:
    return cell.measure.largest[1] if cell and cell.measure else 0.0


def _top(cell: Cell | None, persons: int) -> float:
    return sum(cell.measure.largest[:persons]) if cell and cell.measure else 0.0
