"""Owns the answers to "does it run?": for the supervisor, for a load balancer, for people. Must never tell a secret or a path."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from output_checking.service.counting import blocked_requests
from tre.data import service as data
from tre.entrypoints.health import HealthDesk, missing
from tre.kernel.actor import NOBODY
from tre.plumbing.config import Config
from tre.plumbing.unit_of_work import Context
from tre.plumbing.web import foundations, render

router = APIRouter()

# For people: where the broker's key is kept. The portal knows the setting and nothing more.
_KEY_PLACES = {
    "file": "in a file that only the data broker’s account can read",
    "environment": "in the environment of the data broker’s process",
    "hashicorp-kv": "in HashiCorp Vault, in its key-value store",
    "hashicorp-transit": "wrapped by HashiCorp Vault’s transit engine",
}

# The same words for what builds snapshots; where Spark runs is the operator's to know.
_ENGINES = {"duckdb": "by DuckDB, on this machine", "spark": "by Apache Spark"}


@router.get("/healthz")
async def alive() -> Response:
    """This process runs; nothing else is asked."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def ready(request: Request) -> Response:
    """Every part answers (200), or which ones are missing (503)."""
    gone = missing(_desk(request).parts())
    return JSONResponse({"ready": not gone, "missing": gone}, status_code=503 if gone else 200)


@router.get("/health")
def show(request: Request) -> Response:
    """Each part in words, and the bounds that every workspace is under."""
    desk = _desk(request)
    parts = desk.parts()
    config = foundations(request).config
    context = {
        "parts": parts,
        "missing": missing(parts),
        "limits": desk.limits(),
        "accounts": _accounts(config),
        "overdue": _count(request, data.overdue_refreshes),
        "blocked": _count(request, blocked_requests),
        "key_place": _KEY_PLACES[config.key_provider],
        "engine": _ENGINES.get(config.snapshot_engine, "by nothing that is known"),
    }
    return render(request, "home/health.html", context, status=503 if missing(parts) else 200)


def _count(request: Request, of: Callable[[Context], int]) -> int | None:
    """Return a figure that everybody may know; None while the records do not answer."""
    try:
        return of(foundations(request).context(NOBODY))
    except SQLAlchemyError:
        return None


def _accounts(config: Config) -> str:
    """Say whether the parts run under accounts of their own, by whom the broker's vault belongs to."""
    owners = {(config.state / name).stat().st_uid for name in ("vault", "shelf") if (config.state / name).exists()}
    return "separate" if len(owners) > 1 else "one"


def _desk(request: Request) -> HealthDesk:
    state = request.app.state
    if not hasattr(state, "health"):
        state.health = HealthDesk(state.house)
    desk: HealthDesk = state.health
    return desk
