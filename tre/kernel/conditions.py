"""Owns the small tree of conditions that a policy gives for a list. Must never be built from free text."""

from dataclasses import dataclass

Scalar = str | int | float | bool


@dataclass(frozen=True)
class Listed:
    """A policy's answer for a list.

    Args:
        condition: which rows.
        revision: of the policy bundle that answered; never empty.
    """

    condition: "Condition"
    revision: str


@dataclass(frozen=True)
class Always:
    """Every row."""


@dataclass(frozen=True)
class Never:
    """No row."""


@dataclass(frozen=True)
class Compare:
    """One field of the row compared with a known value: eq, ne, lt, le, gt, ge, or in (value is a tuple)."""

    field: str
    operator: str
    value: Scalar | tuple[Scalar, ...]


@dataclass(frozen=True)
class AllOf:
    """All parts hold."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple["Condition", ...]


Condition = Always | Never | Compare | AllOf | AnyOf
