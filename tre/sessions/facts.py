"""Owns how a workspace becomes the facts of a decision. Must never load anything: it is handed values."""

from tre.kernel.facts import ProjectFacts, Standing, WorkspaceFacts
from tre.kernel.ids import PRACTICE


def about(project: ProjectFacts, *, person_id: str, snapshot_state: str, standing: Standing) -> WorkspaceFacts:
    """Return the facts about `person_id`'s workspace in `project`."""
    return WorkspaceFacts(
        project_id=project.project_id,
        project_state=project.state,
        members=project.members,
        ends_on=project.ends_on,
        person_id=person_id,
        snapshot_state=snapshot_state,
        standing=standing,
    )


def about_practice(*, person_id: str, twin_state: str, standing: Standing) -> WorkspaceFacts:
    """Return the facts about `person_id`'s workspace on made-up data; `twin_state` is `ready` or `none`."""
    return WorkspaceFacts(
        project_id=PRACTICE,
        project_state="",
        members=(),
        ends_on="",
        person_id=person_id,
        snapshot_state=twin_state,
        standing=standing,
    )
