"""Owns the rooms above projects, as service tests see them: a small catalogue, orders and stops that are written down."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tre.kernel.expression import Kind
from tre.plumbing.unit_of_work import Unit
from tre.projects.ports import (
    ApprovedData,
    AssessmentCard,
    Column,
    Dataset,
    SnapshotCard,
    Table,
    WorkspaceCard,
)


def _table(name: str, meaning: str, **columns: str) -> Table:
    return Table(
        name=name,
        meaning=meaning,
        columns=tuple(
            Column(name=column, meaning=about, kind="number", compared_as=Kind.INTEGER)
            for column, about in columns.items()
        ),
    )


DATASETS = (
    Dataset(
        dataset_id="nhanes",
        title="National Health and Nutrition Examination Survey 2017–2018",
        custodian_id="gwen",
        tables=(
            _table(
                "demographics", "Who was interviewed", age="Age in years", sex="Sex", income="Income to poverty ratio"
            ),
            _table("examination", "What was measured", systolic="Systolic blood pressure", bmi="Body mass index"),
        ),
    ),
    Dataset(
        dataset_id="hospital",
        title="Hospital admissions",
        custodian_id="olga",
        tables=(
            _table("admissions", "Stays in hospital", admitted_on="Date of admission", diagnosis="Main diagnosis"),
        ),
    ),
)


@dataclass
class CatalogueFake:
    """A catalogue of two datasets with different custodians."""

    all: Sequence[Dataset] = DATASETS

    def datasets(self, unit: Unit) -> Sequence[Dataset]:
        """Return them."""
        return self.all


@dataclass
class SnapshotsFake:
    """Writes down what was ordered, by whom."""

    orders: list[ApprovedData] = field(default_factory=list)
    by: list[str] = field(default_factory=list)
    removals: list[str] = field(default_factory=list)
    state: str = "none"
    assessed: list[str] = field(default_factory=list)
    report: str = "ready"
    found: AssessmentCard = field(default_factory=AssessmentCard)

    def order(self, unit: Unit, approved: ApprovedData) -> None:
        """Write the order down."""
        self.orders.append(approved)
        self.by.append(unit.actor.person_id)

    def order_removal(self, unit: Unit, project_id: str) -> None:
        """Write down whose snapshots were to be removed."""
        self.removals.append(project_id)

    def card(self, unit: Unit, project_id: str) -> SnapshotCard:
        """Return the state that the test set."""
        return SnapshotCard(state=self.state)

    def order_assessment(self, unit: Unit, asked: ApprovedData) -> None:
        """Write down for which application a report was ordered."""
        self.assessed.append(asked.project_id)

    def assessment(self, unit: Unit, project_id: str) -> AssessmentCard:
        """Return a report in the state that the test set."""
        return replace(self.found, state=self.report)


@dataclass
class WorkspacesFake:
    """Writes down which projects' workspaces were stopped."""

    stopped: list[str] = field(default_factory=list)

    def stop_all(self, unit: Unit, project_id: str, why: str) -> None:
        """Write it down once the transaction is committed."""
        unit.after_commit(lambda: self.stopped.append(project_id))

    def card(self, unit: Unit, project_id: str) -> WorkspaceCard:
        """Return that nothing runs."""
        return WorkspaceCard()
