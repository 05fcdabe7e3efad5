"""The pages that belong to no room: front page, home, health, and what the public is told. Must never hold a rule."""

from fastapi import APIRouter

from tre.entrypoints.pages import health, home, public

router = APIRouter()
for _page in (home, health, public):
    router.include_router(_page.router)
