"""Owns the list of projects and the beginning of a new one. Must never hold a rule."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.plumbing.forms import FormFields
from tre.plumbing.paging import page_number
from tre.plumbing.web import Ctx, render, see_other
from tre.projects import service
from tre.projects.domain.states import MACHINE

router = APIRouter()


@router.get("/projects")
def show_all(request: Request, ctx: Ctx, words: str = "", state: str = "", page: str = "") -> Response:
    """The projects that the person may see."""
    chosen = state if state in MACHINE.states else ""
    listing = service.Listing(words=words.strip()[:100], state=chosen, page=page_number(page))
    found = service.list_projects(ctx, listing)
    base = "/projects?" + urlencode({"words": listing.words, "state": chosen}) + "&"
    context = {"page": found, "listing": listing, "base": base, "states": sorted(MACHINE.states), "turn": MACHINE.turn}
    return render(request, "projects/list.html", context)


@router.get("/projects/new")
def show_new(request: Request, ctx: Ctx) -> Response:
    """What an application is, before it is begun."""
    return render(request, "projects/new.html", {"why_not": service.why_not_draft(ctx)})


@router.post("/projects/new")
def draft(ctx: Ctx, _fields: FormFields) -> Response:
    """Begin an application."""
    project = service.draft_project(ctx)
    return see_other(f"/projects/{project.project_id}/application", flash="The application is begun.")
