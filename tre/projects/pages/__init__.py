"""The pages of projects: list, application, case to decide on, project, suspension. Must never hold a rule."""

from fastapi import APIRouter

from tre.projects.pages import application, data_page, deciding, listing, running, show

router = APIRouter()
for _page in (listing, data_page, application, deciding, running, show):
    router.include_router(_page.router)
