"""Owns what a reader of a whole table knows of the persons in each cell, as it is shown: exactly, rounded, noised, or hidden."""

import numpy as np

from output_checking.domain.checks.linked.equations import Floats
from output_checking.domain.checks.linked.sheet import Sheet
from output_checking.domain.checks.remedies.rounding import Rounding, round_counts
from output_checking.domain.checks.specification.model import TableSpec


def reader_counts(sheet: Sheet, spec: TableSpec) -> tuple[Floats, Floats, Floats]:
    """Return what is shown in each place, and the least and the most persons that its reader takes it for.

    Args:
        sheet: the table with its true cells.
        spec: says whether it was rounded or noised, and what is hidden.
    """
    persons = sheet.persons
    if spec.rounding:
        rounded = round_counts(persons.reshape(sheet.full_shape), Rounding(spec.rounding))
        shown, least, most = rounded.shown.ravel(), rounded.least.ravel(), rounded.most.ravel()
    else:
        shown, (least, most) = persons, within_noise(persons, spec)
    hidden = np.array([key in spec.suppressed for key in sheet.keys]) | ~sheet.published
    return shown, np.where(hidden, 0.0, least), np.where(hidden, np.inf, most)


def within_noise(shown: Floats, spec: TableSpec) -> tuple[Floats, Floats]:
    """Return the least and the most persons behind counts that are shown as they are, or as noise has moved them."""
    return np.maximum(0.0, shown - spec.noise), shown + spec.noise
