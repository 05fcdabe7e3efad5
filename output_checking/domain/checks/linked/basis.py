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


@dataclass(frozen=True, kw_only=True)
class Basis:
    """What the reader's arithmetic is done with.

    Args:
        amounts: of each place of the sheet: what is shown where that adds up (counts, sums), else the persons behind.
        equations: the sums that hold between them.
        levels: how much of each must stay open if it is hidden and unsafe.
        floor: least that a hidden amount can be.
        whole: amounts are whole numbers.
    """

    amounts: Floats
    equations: Equations
    levels: Levels
    floor: float
    whole: bool


def basis_of(sheet: Sheet, spec: TableSpec, appetite: Appetite, *, unsafe: Flags) -> Basis:
    """Return the basis of a table.

    Args:
        sheet: the table.
        spec, appetite: what it is, and what applies.
        unsafe: places that must not be shown.

    A mean, a median and the like do not add up; they are audited by the persons behind, as if those were known.
    """
    if spec.statistic is Statistic.SUM and not spec.normalize:
        return _of_sums(sheet, appetite, unsafe)
    is_records = spec.statistic is Statistic.COUNT and not spec.weight and not spec.normalize
    amounts = sheet.values if is_records else sheet.persons
    levels = only_width(np.where(unsafe, float(appetite.threshold), 0.0))
    return Basis(amounts=amounts, equations=sheet.equations(amounts), levels=levels, floor=0.0, whole=True)


def _of_sums(sheet: Sheet, appetite: Appetite, unsafe: Flags) -> Basis:
    amounts = sheet.values
    largest, second = (np.array([part(one) for one in sheet.cells]) for part in (_largest, _second))
    top = np.array([_top(one, appetite.dominance_persons) for one in sheet.cells])
    absolute = np.array([one.measure.absolute if one and one.measure else 0.0 for one in sheet.cells])
    level = np.maximum.reduce(
        [
            p_percent_level(absolute, largest, second, p=appetite.p_percent),
            dominance_level(absolute, top, share=appetite.dominance_share),
            safety_range(amounts, percent=appetite.p_percent),
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
    )


def _largest(cell: Cell | None) -> float:
    return cell.measure.largest[0] if cell and cell.measure else 0.0


def _second(cell: Cell | None) -> float:
    return cell.measure.largest[1] if cell and cell.measure else 0.0


def _top(cell: Cell | None, persons: int) -> float:
    return sum(cell.measure.largest[:persons]) if cell and cell.measure else 0.0
