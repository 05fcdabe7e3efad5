"""Owns the filters of the register's table and what can be chosen in each. Must never hide a project for any other reason."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from tre.register.domain.entry import PublicProject


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What the reader looks for; empty fields choose everything."""

    words: str = ""
    purpose: str = ""
    organisation: str = ""
    dataset: str = ""
    year: str = ""
    state: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """The fields that choose something."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, kw_only=True)
class Options:
    """What each filter can be set to: the values that occur."""

    purpose: tuple[str, ...]
    organisation: tuple[str, ...]
    dataset: tuple[str, ...]
    year: tuple[str, ...]
    state: tuple[str, ...]


def choose(projects: Iterable[PublicProject], wanted: Filter) -> tuple[PublicProject, ...]:
    """Return the projects that fit every field of the filter, in their order."""
    return tuple(one for one in projects if _fits(one, wanted))


def options(projects: Sequence[PublicProject]) -> Options:
    """Return the values that occur among `projects`."""
    return Options(
        purpose=_sorted(one.purpose for one in projects),
        organisation=_sorted(one.organisation for one in projects),
        dataset=_sorted(name for one in projects for name in one.datasets),
        year=_sorted(str(one.year) for one in projects if one.year),
        state=_sorted(one.state for one in projects),
    )


def _fits(project: PublicProject, wanted: Filter) -> bool:
    exact = (
        (wanted.purpose, (project.purpose,)),
        (wanted.organisation, (project.organisation,)),
        (wanted.dataset, project.datasets),
        (wanted.year, (str(project.year or ""),)),
        (wanted.state, (project.state,)),
    )
    return all(not value or value in found for value, found in exact) and _holds(project, wanted.words)


def _holds(project: PublicProject, words: str) -> bool:
    text = " ".join(
        (
            project.project_id,
            project.title,
            project.organisation,
            project.lay_summary,
            project.purpose,
            project.public_benefit,
        )
    ).casefold()
    return all(word in text for word in words.casefold().split())


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))
