"""Owns how a workspace becomes the facts of a decision. Must never load anything: it is handed values."""

from tre.kernel.facts import ProjectFacts, Standing, WorkspaceFacts


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
