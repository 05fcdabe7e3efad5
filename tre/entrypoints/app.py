"""Owns the portal's application: rooms' pages and API on one house, behind limits, headers and the cookie.

Started as `uvicorn tre.entrypoints.app:create --factory`. Must never build a part itself (bootstrap does), nor hold a page.
"""

import importlib
import importlib.util
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from tre.entrypoints.bootstrap import House, build_house
from tre.plumbing import http_errors
from tre.plumbing.config import CHECKOUT, Config
from tre.plumbing.forms import read_fields
from tre.plumbing.web_faults import CalmFaults
from tre.plumbing.web_headers import SecurityHeaders
from tre.plumbing.web_limits import BodyLimit
from tre.plumbing.web_templates import make_templates

ROOMS = (
    "tre.people",
    "tre.projects",
    "tre.data",
    "tre.sessions",
    "output_checking",
    "tre.register",
    "tre.audit",
    "tre.entrypoints",
)
DOORS = ("pages", "api")
COOKIE = "tre_portal"


def create() -> FastAPI:
    """Return the portal of the installation that the environment describes."""
    return make_app(build_house(Config()))


def make_app(house: House) -> FastAPI:
    """Return the portal on a house."""
    app = FastAPI(
        title="Trusted research environment",
        dependencies=[Depends(read_fields)],
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # the page that it would serve loads scripts from elsewhere
        redoc_url=None,
    )
    app.state.house = house
    app.state.templates = make_templates(template_folders(), clock=house.clock)
    http_errors.install(app)
    for router in routers():
        app.include_router(router)
    if (house.config.web / "tre.css").is_file():
        app.mount("/assets", StaticFiles(directory=house.config.web), name="assets")
    _add_middleware(app, house.config)
    return app


def routers() -> list[APIRouter]:
    """Return the router of every room's pages and API."""
    names = [f"{room}.{door}" for room in ROOMS for door in DOORS]
    return [importlib.import_module(name).router for name in names if _exists(name)]


def template_folders() -> list[Path]:
    """Return every room's folder of templates."""
    return sorted([*CHECKOUT.glob("tre/*/templates"), *CHECKOUT.glob("output_checking/templates")])


def _add_middleware(app: FastAPI, config: Config) -> None:
    """Put the layers on, innermost first."""
    own = {urlsplit(config.portal_origin).hostname or config.host, config.host}
    app.add_middleware(CalmFaults)
    app.add_middleware(BodyLimit, upload_bytes=config.upload_bytes)
    app.add_middleware(
        SessionMiddleware,
        secret_key=config.secret("session_secret"),
        session_cookie=COOKIE,
        max_age=config.session_hours * 3600,
        same_site="lax",
        https_only=config.portal_origin.startswith("https://"),
    )
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=sorted(own), www_redirect=False)
    app.add_middleware(SecurityHeaders, config=config)


def _exists(name: str) -> bool:
    room = name.rpartition(".")[0]
    return importlib.util.find_spec(room) is not None and importlib.util.find_spec(name) is not None
