"""Owns looking at persons: their standing, their names, the list. Must never change anything."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from tre.kernel.authz import Action
from tre.kernel.errors import NotFound
from tre.kernel.facts import NoFacts, PersonFacts, Standing
from tre.people.domain.person import Person
from tre.people.presenters import StandingView, person_of, standing_facts, standing_view
from tre.people.service.terms import current_terms
from tre.people.tables import PersonRow
from tre.plumbing.conditions import clause
from tre.plumbing.paging import PAGE_ROWS, Page
from tre.plumbing.unit_of_work import Context, Unit

# What the policy's list rule may compare, by the names of `PersonFacts`.
COLUMNS = {"person_id": PersonRow.id}


def standing_of(unit: Unit, person_id: str) -> Standing:
    """Return a person's standing for a decision, inside another room's transaction; raise `NotFound`."""
    return standing_facts(_row(unit, person_id), terms_current=current_terms().version)


def person_named(unit: Unit, person_id: str) -> Person:
    """Return a person, inside another room's transaction; raise `NotFound`."""
    return person_of(_row(unit, person_id))


def names_of(unit: Unit, person_ids: Collection[str]) -> dict[str, str]:
    """Return names by person id; an unknown id, or a process of ours, is its own name."""
    return names_in(unit.session, person_ids)


def names_in(session: Session, person_ids: Collection[str]) -> dict[str, str]:
    """Return the same as `names_of`, for what is public and therefore not decided on."""
    rows = session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(set(person_ids))))
    known = {person_id: name for person_id, name in rows}
    return {one: known.get(one, one) for one in person_ids}


def view_standing(ctx: Context, person_id: str) -> StandingView:
    """Return a person's standing for the page: one's own, or another's for an admin (which is recorded)."""
    is_own = person_id == ctx.actor.person_id
    with ctx.look() if is_own else ctx.begin() as unit:
        with unit.checking(Action.PEOPLE_PERSON_VIEW, PersonFacts(person_id=person_id)):
            view = standing_view(_row(unit, person_id), terms_current=current_terms().version, today=unit.now.date())
        unit.record("people.person.viewed", subject=person_id)
        return _named(unit, view)


def _named(unit: Unit, view: StandingView) -> StandingView:
    """Return the view with the name of whoever stopped the person."""
    if view.stopped is None:
        return view
    by = view.stopped.by
    return replace(view, stopped=replace(view.stopped, by_name=names_in(unit.session, [by])[by]))


def list_persons(ctx: Context, *, page: int, words: str = "") -> Page[StandingView]:
    """Return the persons whose name, id or organisation holds `words`, by name, with their standing.

    Whose row is shown is the same rule as whose page may be viewed.
    """
    with ctx.begin() as unit:
        seen = clause(unit.conditions(Action.PEOPLE_PERSON_VIEW), COLUMNS)
        unit.check(Action.PEOPLE_PERSON_LIST, NoFacts())
        wanted = select(PersonRow).where(seen, *_holding(words))
        total = unit.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        shown = wanted.order_by(PersonRow.name, PersonRow.id).limit(PAGE_ROWS).offset((page - 1) * PAGE_ROWS)
        rows = unit.session.scalars(shown.options(selectinload(PersonRow.training), selectinload(PersonRow.signatures)))
        current, today = current_terms().version, unit.now.date()
        views = [standing_view(row, terms_current=current, today=today) for row in rows]
        unit.record("people.person.listed", detail={"rows": len(views)})
        return Page(rows=views, number=page, total=total)


def _holding(words: str) -> tuple[ColumnElement[bool], ...]:
    if not words:
        return ()
    columns = (PersonRow.name, PersonRow.id, PersonRow.organisation)
    holding = [column.icontains(words, autoescape=True) for column in columns]
    return (holding[0] | holding[1] | holding[2],)


def _row(unit: Unit, person_id: str) -> PersonRow:
    row = unit.session.get(PersonRow, person_id)
    if row is None:
        raise NotFound("There is no such person.", code="people.person.not_found")
    return row
