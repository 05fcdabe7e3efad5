"""The pages of people: signing in and out, one's standing, persons and their roles. Must never hold a rule."""

from fastapi import APIRouter

from tre.people.pages import persons, sign_in, sign_out, standing

router = APIRouter()
for _page in (sign_in, sign_out, standing, persons):
    router.include_router(_page.router)
