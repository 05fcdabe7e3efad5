"""Owns what a decision takes: who must say yes, who still has to, and what follows. Must never say who may decide: Rego does.

Three kinds of yes are needed: every custodian of the data asked for, an admin, and a lay reviewer (SATRE 1.2: approval
by those responsible for the data and by the public's eyes). One no is enough to refuse.
"""

from dataclasses import dataclass

from tre.kernel.machine import words
from tre.projects.domain.project import Project

CUSTODIAN = "custodian"
ADMIN = "admin"
LAY_REVIEWER = "lay_reviewer"
ROLES = (CUSTODIAN, ADMIN, LAY_REVIEWER)


@dataclass(frozen=True, kw_only=True)
class Seat:
    """One yes that is needed: in which role, and from whom where it must be one certain person."""

    role: str
    person_id: str = ""

    @property
    def name(self) -> str:
        """The role in words."""
        return words(self.role)


def seats(project: Project) -> tuple[Seat, ...]:
    """Return every yes that the project needs."""
    custodians = tuple(Seat(role=CUSTODIAN, person_id=one) for one in project.custodians)
    return (*custodians, Seat(role=ADMIN), Seat(role=LAY_REVIEWER))


def open_seats(project: Project) -> tuple[Seat, ...]:
    """Return every yes that is still missing."""
    return tuple(seat for seat in seats(project) if not _is_filled(seat, project))


def outcome(project: Project) -> str:
    """Return the move that follows from the decisions so far: `approve`, `refuse`, or nothing yet."""
    if any(not one.is_yes for one in project.decisions):
        return "refuse"
    return "" if open_seats(project) else "approve"


def _is_filled(seat: Seat, project: Project) -> bool:
    return any(
        one.is_yes and one.role == seat.role and seat.person_id in ("", one.person_id) for one in project.decisions
    )
