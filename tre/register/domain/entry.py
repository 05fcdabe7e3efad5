"""Owns the closed list of what is published of a project: whatever is not a field here never leaves.

Field names follow the HDR UK data use register where it has one (template of 31 columns); the rest goes beyond it: real use,
releases, people left out. Small counts are published as `fewer than 10` only.
"""

from dataclasses import dataclass, field
from datetime import date

SMALLEST_COUNT = 10


@dataclass(frozen=True, kw_only=True)
class PublicTable:
    """One table that the project may use: which columns of it, with their meanings, and why."""

    dataset_id: str
    dataset: str
    table: str
    columns: tuple[tuple[str, str], ...]
    why: str


@dataclass(frozen=True, kw_only=True)
class PublicStep:
    """One dated step of a project's history."""

    on: date
    text: str


@dataclass(frozen=True, kw_only=True)
class PublicProject:
    """One project as the public sees it.

    Args:
        state: approved, suspended, closed or refused, since `state_since`.
        members: how many people have access; their names are not published.
        refused_by: roles that said no, where it was refused; what they wrote is not published.
        left_out: a sentence for each rule by which people were left out of the data.
        sessions: dates on which a workspace of the project was used, oldest first.
        releases: (date, number of files) of each release, oldest first.
    """

    project_id: str
    title: str
    organisation: str
    state: str
    state_since: date
    lay_summary: str
    purpose: str
    purpose_detail: str
    public_benefit: str
    article_6: str
    article_9: str
    common_law: str
    publication: str
    applied_on: date | None
    approved_on: date | None
    ends_on: date | None
    members: int
    tables: tuple[PublicTable, ...]
    refused_by: tuple[str, ...] = ()
    data_ready_on: date | None = None
    data_version: str = ""
    left_out: tuple[str, ...] = ()
    sessions: tuple[date, ...] = ()
    releases: tuple[tuple[date, int], ...] = ()
    history: tuple[PublicStep, ...] = field(default_factory=tuple)

    @property
    def datasets(self) -> tuple[str, ...]:
        """Titles of the datasets, each once."""
        return tuple(dict.fromkeys(one.dataset for one in self.tables))

    @property
    def days_to_decide(self) -> int | None:
        """Days from the application to the decision; None while it is unknown."""
        decided = self.state_since if self.state == "refused" else self.approved_on
        return (decided - self.applied_on).days if decided and self.applied_on else None

    @property
    def year(self) -> int | None:
        """Year of the application."""
        return self.applied_on.year if self.applied_on else None

    @property
    def files_released(self) -> int:
        """Files in all releases."""
        return sum(files for _, files in self.releases)


def few(count: int) -> str:
    """Return a count of persons as it may be published (ONS and NHS England suppress counts under 10)."""
    return f"fewer than {SMALLEST_COUNT}" if 0 < count < SMALLEST_COUNT else f"{count:,}"
