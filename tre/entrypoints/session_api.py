"""Owns the one door out of a workspace: HTTP on a unix socket, for the researcher's library. Reads no cookie, shows no page.

The bearer token names the workspace session; whoever has it speaks as that person, from inside (`proved_by="session"`), about
that one project, and holds no role: the policy lets a workspace ask for release and look, and nothing that decides.
Started as `uvicorn tre.entrypoints.session_api:create --factory --uds SOCKET`. Must never follow a path that came from inside.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from output_checking.domain.names import MOST_FILES
from output_checking.presenters import RequestView, Summary
from output_checking.service.listing import list_requests
from output_checking.service.submitting import Upload, submit_again, submit_request
from tre.entrypoints.bootstrap import House, build_house
from tre.kernel.actor import Actor
from tre.kernel.errors import Invalid, NotFound, NotPermitted, NotSignedIn
from tre.kernel.ids import PRACTICE
from tre.plumbing import http_errors
from tre.plumbing.config import Config
from tre.plumbing.db import read_only
from tre.plumbing.unit_of_work import Context
from tre.plumbing.web_faults import CalmFaults
from tre.plumbing.web_limits import BodyLimit
from tre.projects import service as projects
from tre.sessions import service as workspaces

LONGEST_FIELD = 256 * 1024

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Inside:
    """Who speaks: a context for the session's person, and the session's project."""

    ctx: Context
    project_id: str


class About(BaseModel):
    """The session's project and the data that is mounted."""

    project_id: str
    title: str
    person_id: str
    snapshot_version: str
    upload_bytes: int


class Standing(BaseModel):
    """How one request stands."""

    request_id: str
    title: str
    state: str
    whose_turn: str
    round: int
    submitted_at: str
    url: str


class Accepted(Standing):
    """A request that was just handed in, with what the automatic rules found."""

    findings: list[dict[str, Any]]


def create() -> FastAPI:
    """Return the session API of the installation that the environment describes."""
    return make_session_api(build_house(Config()))


def make_session_api(house: House) -> FastAPI:
    """Return the session API on a house."""
    app = FastAPI(title="Session API", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.house, app.state.speaks_json = house, True
    http_errors.install(app)
    app.include_router(router)
    app.add_middleware(BodyLimit, upload_bytes=house.config.upload_bytes)
    app.add_middleware(CalmFaults)
    return app


def inside(request: Request) -> Inside:
    """Return who speaks; raise `NotSignedIn` for any token that is not of an open session."""
    house: House = request.app.state.house
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    with house.sessions() as records:
        session = workspaces.session_by_token(read_only(records), token) if scheme.lower() == "bearer" else None
        if session is None or house.clock.now() >= session.lapses_at:
            raise NotSignedIn("This workspace session has ended: open the workspace again from the project's page.")
        member_of = projects.projects_of(records, session.person_id) & {session.project_id}
    actor = Actor(
        person_id=session.person_id,
        name=session.person_id,
        member_of=member_of,
        proved_by="session",
        session_id=session.session_id,
    )
    return Inside(ctx=house.context(actor), project_id=session.project_id)


Speaker = Annotated[Inside, Depends(inside)]


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """Say that the process runs."""
    return {"state": "running"}


@router.get("/v1/session")
def show_session(request: Request, who: Speaker) -> About:
    """What this session is about."""
    house: House = request.app.state.house
    view = workspaces.look_at_workspace(who.ctx, house.workspaces, who.project_id)
    return About(
        project_id=who.project_id,
        title=view.title,
        person_id=who.ctx.actor.person_id,
        snapshot_version=view.session.snapshot_version if view.session else "",
        upload_bytes=house.config.upload_bytes,
    )


@router.get("/v1/release-requests")
def show_requests(request: Request, who: Speaker) -> list[Standing]:
    """The project's requests, newest first."""
    house: House = request.app.state.house
    if who.project_id == PRACTICE:
        return []
    listed = list_requests(who.ctx, house.outputs, project_id=who.project_id)
    return [_standing(house, one) for one in listed]


@router.post("/v1/release-requests", status_code=201)
async def post_request(request: Request, who: Speaker) -> Accepted:
    """Hand files in: fields `title`, `context`, `files`, and `request_id` for a new version of a returned request."""
    async with request.form(max_files=4 * MOST_FILES, max_fields=20, max_part_size=LONGEST_FIELD) as form:
        return await run_in_threadpool(_hand_in, request.app.state.house, who, form)


def _hand_in(house: House, who: Inside, form: FormData) -> Accepted:
    _require_project(who)
    workspaces.require_room(house.config, person_id=who.ctx.actor.person_id, project_id=who.project_id)
    uploads, texts = _uploads(form), {"title": _text(form, "title"), "context": _text(form, "context")}
    if earlier := _text(form, "request_id"):
        _require_own(who, house, earlier)
        view = submit_again(who.ctx, house.outputs, earlier, uploads=uploads, **texts)
    else:
        view = submit_request(who.ctx, house.outputs, project_id=who.project_id, uploads=uploads, **texts)
    return Accepted(**_standing(house, view).model_dump(), findings=_findings(view))


def _require_project(who: Inside) -> None:
    # output checking knows no project of this id and would refuse, too; here it is said in words
    if who.project_id == PRACTICE:
        sentence = (
            "Nothing can be released from practice: the data is made up, so a result on it means nothing. "
            "Copy your code into your project's workspace once its data is ready, and ask for release there."
        )
        raise NotPermitted(["sessions.practice.nothing_leaves"], sentences=[sentence])


def _require_own(who: Inside, house: House, request_id: str) -> None:
    # one person's workspaces in two projects must not meet here
    if request_id not in {one.request_id for one in list_requests(who.ctx, house.outputs, project_id=who.project_id)}:
        raise NotFound("There is no such release request in this project.", code="outputs.request.not_found")


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    if not isinstance(value, str):
        raise Invalid({name: "Send this as text, not as a file."})
    return value.replace("\r\n", "\n")


def _uploads(form: FormData) -> list[Upload]:
    uploads = []
    for part in form.getlist("files"):
        if isinstance(part, str):
            raise Invalid({"files": "Send files as files, each with its name."})
        uploads.append(Upload(name=part.filename or "", stream=part.file))
    return uploads


def _standing(house: House, one: RequestView | Summary) -> Standing:
    number = one.present.number if isinstance(one, RequestView) else one.round
    return Standing(
        request_id=one.request_id,
        title=one.title,
        state=one.state,
        whose_turn=one.turn,
        round=number,
        submitted_at=one.submitted_at.isoformat(),
        url=f"{house.config.portal_origin}/outputs/{one.request_id}",
    )


def _findings(view: RequestView) -> list[dict[str, Any]]:
    return [
        {
            "file": file.name,
            "severity": finding.severity,
            "rule": finding.rule,
            "sentence": finding.sentence,
            "remedy": finding.remedy,
            "row": finding.row,
            "column": finding.column,
            "figures": dict(finding.figures),
        }
        for file in view.present.files
        for finding in file.findings
    ]
