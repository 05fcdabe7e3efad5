"""The pages of output checking: the researcher's requests and the checker's queue. Must never hold a rule."""

from fastapi import APIRouter

from output_checking.pages import checker, files, researcher

router = APIRouter()
for _page in (files, researcher, checker):
    router.include_router(_page.router)
