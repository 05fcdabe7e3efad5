"""Owns the admin's pages of persons: the list, one person, their roles, stopping and reinstating. Must never hold a rule."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.kernel.errors import Invalid
from tre.people.desk import PeopleDesk
from tre.people.domain.person import MEANINGS
from tre.people.service.persons import list_persons, view_standing
from tre.people.service.roles import grant_role, withdraw_role
from tre.people.service.stopping import reinstate_person, stop_person
from tre.plumbing.forms import Fields, FormFields
from tre.plumbing.paging import page_number
from tre.plumbing.unit_of_work import Context
from tre.plumbing.web import Ctx, render, see_other

router = APIRouter()


@router.get("/people")
def show_all(request: Request, ctx: Ctx, page: str = "", words: str = "") -> Response:
    """Everyone who may sign in, with roles and standing."""
    found = list_persons(ctx, page=page_number(page), words=words.strip()[:100])
    return render(request, "people/persons.html", {"page": found, "words": words, "titles": _titles()})


@router.get("/people/{person_id}")
def show(request: Request, ctx: Ctx, person_id: str) -> Response:
    """One person's standing, as the policy sees it now."""
    return _show(request, ctx, person_id, errors={}, status=200)


@router.post("/people/{person_id}/roles")
def grant(request: Request, ctx: Ctx, person_id: str, fields: FormFields) -> Response:
    """Give a role."""
    try:
        grant_role(ctx, person_id, fields.text("role"))
    except Invalid as error:
        return _show(request, ctx, person_id, errors=error.fields, status=422)
    return see_other(f"/people/{person_id}", flash="The role is granted.")


@router.post("/people/{person_id}/roles/withdraw")
def withdraw(ctx: Ctx, person_id: str, fields: FormFields) -> Response:
    """Take a role away."""
    withdraw_role(ctx, person_id, fields.text("role"))
    return see_other(f"/people/{person_id}", flash="The role is withdrawn.")


@router.post("/people/{person_id}/stop")
def stop(request: Request, ctx: Ctx, person_id: str, fields: FormFields) -> Response:
    """Stop a person's access."""
    desk: PeopleDesk = request.app.state.house.people
    try:
        stop_person(ctx, desk, person_id, reason=fields.text("reason"))
    except Invalid as error:
        return _show(request, ctx, person_id, errors=error.fields, status=422, values=fields)
    said = "Access is stopped: signed out everywhere, and every workspace ends within seconds."
    return see_other(f"/people/{person_id}", flash=said)


@router.post("/people/{person_id}/reinstate")
def reinstate(request: Request, ctx: Ctx, person_id: str, fields: FormFields) -> Response:
    """Let a stopped person in again."""
    desk: PeopleDesk = request.app.state.house.people
    try:
        reinstate_person(ctx, desk, person_id, reason=fields.text("reason"))
    except Invalid as error:
        return _show(request, ctx, person_id, errors=error.fields, status=422, values=fields)
    return see_other(f"/people/{person_id}", flash="Access is restored: they can sign in again.")


def _show(
    request: Request,
    ctx: Context,
    person_id: str,
    *,
    errors: dict[str, str],
    status: int,
    values: Fields | None = None,
) -> Response:
    standing = view_standing(ctx, person_id)
    context = {"standing": standing, "meanings": MEANINGS, "titles": _titles()}
    return render(request, "people/person.html", context, errors=errors, values=values, status=status)


def _titles() -> dict[str, str]:
    return {str(one.role): one.title for one in MEANINGS}
