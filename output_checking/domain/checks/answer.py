"""Owns the answer: verdict, cells with their findings, and what was applied. Must never be made without the evidence."""

from dataclasses import asdict, dataclass, field
from typing import Any

from output_checking.domain.checks.appetite import Appetite
from output_checking.domain.checks.edition import ENGINE_VERSION, SCHEMA_VERSION
from output_checking.domain.checks.evidence.cells import Cell, Contributions
from output_checking.domain.checks.evidence.membership import PrivatePart
from output_checking.domain.checks.finding import Finding, Verdict, verdict_of


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedCell:
    """A cell, what stands behind it, and what was found."""

    cell: Cell
    findings: tuple[Finding, ...] = ()

    @property
    def is_unsafe(self) -> bool:
        """Say whether it must not be shown as it is."""
        return verdict_of(list(self.findings)) is Verdict.UNSAFE


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the engine says of an output.

    Args:
        spec: the specification as it was given.
        appetite: what was applied, a specification's stricter wishes included.
        cells: of a table, its totals last; of other kinds, the table behind them.
        findings: about the output as a whole.
        records, persons: of the records that the output is made from.
        members: the private part, where it was asked for: keyed digests of the persons in each cell without totals.
    """

    spec: dict[str, Any]
    appetite: Appetite
    cells: tuple[JudgedCell, ...]
    findings: tuple[Finding, ...]
    records: int
    persons: int
    members: PrivatePart = field(default_factory=dict, repr=False)

    @property
    def verdict(self) -> Verdict:
        """Return the heaviest of all findings."""
        return verdict_of([*self.findings, *(one for cell in self.cells for one in cell.findings)])

    def as_json(self) -> dict[str, Any]:
        """Return the answer as its published schema has it. It is evidence for checkers, not an output to release."""
        return {
            "schema": SCHEMA_VERSION,
            "engine": ENGINE_VERSION,
            "verdict": str(self.verdict),
            "spec": self.spec,
            "appetite": self.appetite.as_json(),
            "records": self.records,
            "persons": self.persons,
            "table": [_finding(one) for one in self.findings],
            "cells": [self._with_members(one) for one in self.cells],
        }

    def _with_members(self, one: JudgedCell) -> dict[str, Any]:
        found = self.members.get((one.cell.row, one.cell.column)) if not one.cell.margin else None
        return _cell(one) if found is None else {**_cell(one), "members": list(found)}


def _finding(finding: Finding) -> dict[str, Any]:
    return {**asdict(finding), "weight": str(finding.weight), "figures": dict(finding.figures)}


def _cell(judged: JudgedCell) -> dict[str, Any]:
    cell = judged.cell
    return {
        "row": list(cell.row),
        "column": list(cell.column),
        **({"margin": str(cell.margin)} if cell.margin else {}),
        "persons": cell.persons,
        "value": cell.value,
        "findings": [_finding(one) for one in judged.findings],
        "evidence": evidence_of(cell),
    }


def evidence_of(cell: Cell) -> dict[str, Any]:
    """Return the figures behind a cell."""
    figures: dict[str, Any] = {"records": cell.records, "missing": cell.missing}
    for name, part in (("measure", cell.measure), ("denominator", cell.denominator)):
        if part:
            figures[name] = _contributions(part)
    if cell.tail:
        figures |= {"at": cell.tail.at, "at_or_below": cell.tail.below, "at_or_above": cell.tail.above}
    return figures


def _contributions(part: Contributions) -> dict[str, Any]:
    return {
        "holders": part.holders,
        "total": part.total,
        "largest": part.largest[0],
        "second": part.largest[1],
        "rest": part.rest,
        "zeros": part.zeros,
        "negatives": part.negatives,
        "all_the_same": part.low is not None and part.low == part.high,
    }
