"""Owns what the public is told about data, choices and safety. Must never promise what the installation does not do."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.plumbing.web import render

router = APIRouter()


@router.get("/how-it-is-kept-safe")
def safety(request: Request) -> Response:
    """The five safes, as this installation has them set."""
    return render(request, "home/safety.html")


@router.get("/your-data")
def your_data(request: Request) -> Response:
    """What happens with data about patients."""
    return render(request, "home/your_data.html")


@router.get("/your-choices")
def your_choices(request: Request) -> Response:
    """How to say no, and what it changes."""
    return render(request, "home/your_choices.html")
