"""Owns the front page and a person's home. Must never hold a rule."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.entrypoints.home import figures, home_of
from tre.plumbing.web import OpenCtx, render

router = APIRouter()


@router.get("/")
def show(request: Request, ctx: OpenCtx) -> Response:
    """The front page for everyone, or the home of whoever is signed in."""
    if not ctx.actor.is_signed_in:
        return render(request, "home/front.html", {"figures": figures(ctx)})
    return render(request, "home/home.html", {"home": home_of(ctx, request.app.state.house)})
