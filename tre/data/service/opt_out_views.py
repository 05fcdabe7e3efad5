"""Owns what custodians, admins and auditors see of people's choices: lists in force, snapshots that lag behind, exemptions.

Counts of persons are told as `small_numbers` tells them. Must never show who is on a list.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tre.data.domain.grounds import Ground, all_grounds
from tre.data.domain.opt_outs import LISTS, STUDY_LISTS
from tre.data.domain.small_numbers import told
from tre.data.service.exemptions import Exemption, exemptions_of
from tre.data.service.freshness import Outdated, outdated
from tre.data.tables import DatasetRow, OptOutListRow, SnapshotRow
from tre.kernel.authz import Action
from tre.kernel.facts import NoFacts
from tre.people import service as people
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects.service import summaries_of


@dataclass(frozen=True, kw_only=True)
class ListInForce:
    """A list that is in force: for which study (empty for all), how many persons as told, and since when."""

    list: str
    namespace: str
    project_id: str
    persons: str
    loaded_at: datetime


@dataclass(frozen=True, kw_only=True)
class OptOutsView:
    """The page on people's choices.

    Args:
        titles: project id to title; `names`: person id to name; `datasets`: dataset id to title.
        projects: ids of the projects that have data.
    """

    lists: tuple[ListInForce, ...]
    outdated: tuple[Outdated, ...]
    exemptions: tuple[Exemption, ...]
    grounds: tuple[tuple[str, str, Ground], ...]
    titles: dict[str, str]
    names: dict[str, str]
    datasets: dict[str, str]
    projects: tuple[str, ...]
    refresh_days: int
    exemptible: tuple[str, ...] = LISTS
    study_lists: tuple[str, ...] = STUDY_LISTS


def view_opt_outs(ctx: Context) -> OptOutsView:
    """Return the lists in force, the snapshots that lag behind, the exemptions, and the rules with their sources.

    Raises:
        NotPermitted: the actor is no custodian, admin or auditor.
    """
    with ctx.begin() as unit:
        unit.check(Action.DATA_OPT_OUTS_VIEW, NoFacts())
        view = _view(unit)
        unit.record("data.opt_outs.viewed", detail={"lists": len(view.lists), "outdated": len(view.outdated)})
        return view


def _view(unit: Unit) -> OptOutsView:
    lists, late, exempt = _in_force(unit.session), outdated(unit), exemptions_of(unit.session)
    with_data = tuple(sorted(set(unit.session.scalars(select(SnapshotRow.project_id)))))
    studies = {one.project_id for one in lists if one.project_id}
    spoken_of = frozenset((*with_data, *studies, *(one.project_id for one in exempt)))
    found = summaries_of(unit, spoken_of)
    return OptOutsView(
        lists=lists,
        outdated=late,
        exemptions=exempt,
        grounds=tuple(all_grounds()),
        titles={project_id: one.title for project_id, one in found.items()},
        names=dict(people.names_of(unit, sorted({one.given_by for one in exempt}))),
        datasets={row.id: row.title for row in unit.session.scalars(select(DatasetRow).order_by(DatasetRow.title))},
        projects=tuple(one for one in with_data if one in found),
        refresh_days=unit.config.refresh_days,
    )


def _in_force(session: Session) -> tuple[ListInForce, ...]:
    rows = session.scalars(select(OptOutListRow).order_by(OptOutListRow.loaded_at, OptOutListRow.id))
    newest = {(row.list, row.namespace, row.project_id): row for row in rows}
    return tuple(
        ListInForce(
            list=row.list,
            namespace=row.namespace,
            project_id=row.project_id,
            persons=told(row.persons),
            loaded_at=row.loaded_at,
        )
        for _, row in sorted(newest.items())
    )
