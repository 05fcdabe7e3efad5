"""Owns the rooms beside output checking, as its service tests see them. Bootstrap's real ports are held to the same answers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from output_checking.ports import ProjectBrief
from tre.kernel.errors import NotFound
from tre.plumbing.unit_of_work import Unit

NAMES = {
    "amina": "Amina Okafor",
    "ben": "Ben Whitfield",
    "cara": "Cara Lindqvist",
    "dev": "Dev Patel",
    "esme": "Esme Moreau",
    "farah": "Farah Haddad",
    "fred": "Fred Ito",
}


def project(project_id: str = "p-aaaaaa", *, state: str = "approved", **other: tuple[str, ...]) -> ProjectBrief:
    """A project of amina and esme; only amina may download."""
    return ProjectBrief(
        project_id=project_id,
        title="Blood pressure and age",
        state=state,
        members=other.get("members", ("amina", "esme")),
        release_right=other.get("release_right", ("amina",)),
        organisations=("University of Somewhere",),
    )


@dataclass
class FakeProjects:
    """Projects that a test puts in."""

    known: dict[str, ProjectBrief] = field(default_factory=dict)

    def put(self, brief: ProjectBrief) -> None:
        self.known[brief.project_id] = brief

    def brief(self, unit: Unit, project_id: str) -> ProjectBrief:
        if project_id not in self.known:
            raise NotFound("There is no such project.")
        return self.known[project_id]

    def titles(self, unit: Unit, project_ids: Collection[str]) -> Mapping[str, str]:
        return {one: self.known[one].title for one in project_ids}


class FakePeople:
    """The demo's names."""

    def names_of(self, unit: Unit, ids: Collection[str]) -> Mapping[str, str]:
        return {one: NAMES[one] for one in ids if one in NAMES}
