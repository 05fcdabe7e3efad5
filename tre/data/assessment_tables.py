"""Owns the rows of what a custodian is told before deciding, and of exemptions. Must never hold a row of data or an identifier."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tre.data.domain.states import ASSESSMENT
from tre.plumbing.db import Base

_STATES = ", ".join(f"'{state}'" for state in sorted(ASSESSMENT.states))


class AssessmentRow(Base):
    """What the broker found in a trial of what an application asks for: figures of risk and linkage."""

    __tablename__ = "assessment"
    __table_args__ = (CheckConstraint(f"state IN ({_STATES})", name="state"),)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(String(40), index=True)
    state: Mapped[str] = mapped_column(String(20))
    job_id: Mapped[str] = mapped_column(String(40))
    asked: Mapped[dict[str, Any]] = mapped_column(doc="what the application asked for when the trial was ordered")
    ordered_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    risk: Mapped[list[Any]] = mapped_column(default=list, doc="figures of disclosure risk; small counts withheld")
    linkage: Mapped[list[Any]] = mapped_column(default=list, doc="persons in both datasets of a pair and in one only")
    removed: Mapped[list[Any]] = mapped_column(default=list, doc="a rule each: persons left out, small counts withheld")
    free_text: Mapped[list[Any]] = mapped_column(
        default=list, doc="a column each: what the scan of its texts found; small counts withheld"
    )
    note: Mapped[str] = mapped_column(Text, default="", doc="why it could not be made")


class ExemptionRow(Base):
    """One project's exemption from one list for one dataset; what was given stays for ever, with its end."""

    __tablename__ = "exemption"
    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[str] = mapped_column(String(40), index=True)
    list: Mapped[str] = mapped_column(String(60))
    dataset_id: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(String(40))
    given_at: Mapped[datetime]
    ended_by: Mapped[str] = mapped_column(String(40), default="")
    ended_at: Mapped[datetime | None]
