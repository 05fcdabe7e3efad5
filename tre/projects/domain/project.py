"""Owns the project as a value: what was applied for, who is on it, who decided what. Must never change itself."""

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class Member:
    """A person with access; `may_download` is the right to download releases."""

    person_id: str
    may_download: bool


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One table asked for, with the columns and why; `custodian_id` decides on its dataset.

    Args:
        rows: expression of the rows that are needed; empty for all.
        first_day, last_day: of the rows, both within; None where the period is open at that end.
    """

    dataset_id: str
    table: str
    columns: tuple[str, ...]
    why: str
    custodian_id: str
    rows: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Made:
    """A decision that was made: in which role, by whom, yes or no, and why."""

    role: str
    person_id: str
    is_yes: bool
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What the application says, apart from people and data. Codes are those of `choices`; empty where not yet answered."""

    title: str = ""
    lay_summary: str = ""
    purpose: str = ""
    purpose_detail: str = ""
    public_benefit: str = ""
    article_6: str = ""
    article_9: str = ""
    common_law: str = ""
    linkage: str = "all"
    organisation: str = ""
    ends_on: date | None = None
    expected_outputs: str = ""
    publication: str = ""


@dataclass(frozen=True, kw_only=True)
class Project:
    """One project, from the first line of its application to its closure.

    Args:
        number: never given twice; the project's account number on the machine is 70000 + number.
        version: grows with every change, so that a stale form is noticed.
        state_since: when the present state began.
        state_reason: why it was refused, suspended or closed.
        members: the lead among them.
    """

    project_id: str
    number: int
    state: str
    version: int
    lead_id: str
    answers: Answers
    members: tuple[Member, ...]
    wanted: tuple[Wanted, ...]
    decisions: tuple[Made, ...] = field(default_factory=tuple)
    drafted_at: datetime
    submitted_at: datetime | None = None
    approved_at: datetime | None = None
    state_since: datetime
    state_reason: str = ""

    @property
    def title(self) -> str:
        """Title, or words that stand for it while there is none."""
        return self.answers.title or "Application without a title"

    @property
    def member_ids(self) -> tuple[str, ...]:
        """Ids of the members, sorted."""
        return tuple(sorted(one.person_id for one in self.members))

    @property
    def release_right(self) -> tuple[str, ...]:
        """Ids of the members who may download releases, sorted."""
        return tuple(sorted(one.person_id for one in self.members if one.may_download))

    @property
    def custodians(self) -> tuple[str, ...]:
        """Ids of the custodians of all datasets asked for, sorted, each once."""
        return tuple(sorted({one.custodian_id for one in self.wanted}))

    @property
    def dataset_ids(self) -> tuple[str, ...]:
        """Ids of the datasets asked for, sorted, each once."""
        return tuple(sorted({one.dataset_id for one in self.wanted}))
