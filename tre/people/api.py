"""Owns people's part of the API: who am I, my standing, persons and roles. Must never hold a rule."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, File, Form, Request, UploadFile
from pydantic import BaseModel, Field

from tre.people.desk import PeopleDesk
from tre.people.domain.training import LARGEST_CERTIFICATE, TrainingForm
from tre.people.presenters import StandingView
from tre.people.service.persons import list_persons, view_standing
from tre.people.service.roles import grant_role, withdraw_role
from tre.people.service.stopping import LONGEST_REASON, reinstate_person, stop_person
from tre.people.service.terms import current_terms, sign_terms
from tre.people.service.training import record_training
from tre.plumbing.csrf import csrf_token
from tre.plumbing.web import Ctx

router = APIRouter(prefix="/api/v1", tags=["people"])


class LightModel(BaseModel):
    """One thing that must be in order; `state` is missing, expired, ends_soon, in_order or not_needed."""

    name: str
    state: str
    ends_on: date | None


class PersonModel(BaseModel):
    """A person with roles and standing."""

    person_id: str
    name: str
    organisation: str
    roles: list[str]
    is_active: bool
    standing: list[LightModel]


class MeModel(PersonModel):
    """The person who asks; unsafe requests carry `csrf_token` in the header X-CSRF-Token."""

    csrf_token: str


class PersonsModel(BaseModel):
    """One page of persons."""

    rows: list[PersonModel]
    number: int
    total: int


class TermsModel(BaseModel):
    """Terms of use with the hash of their words."""

    version: str
    text: str
    sha256: str


class SignatureModel(BaseModel):
    """What is signed, and that it is meant."""

    version: str = Field(max_length=20)
    agreed: bool


class RoleModel(BaseModel):
    """A role by name."""

    role: str = Field(max_length=30)


class ReasonModel(BaseModel):
    """Why."""

    reason: str = Field(max_length=LONGEST_REASON)


class MadeModel(BaseModel):
    """The id of what was made."""

    id: str


@router.get("/me")
def me(request: Request, ctx: Ctx) -> MeModel:
    """Who asks, with standing and the token for unsafe requests."""
    person = _person(view_standing(ctx, ctx.actor.person_id))
    return MeModel(**person.model_dump(), csrf_token=csrf_token(request))


@router.post("/standing/training", status_code=201)
def training(
    ctx: Ctx,
    course: Annotated[str, Form()],
    issuer: Annotated[str, Form()],
    completed_on: Annotated[date, Form()],
    expires_on: Annotated[date, Form()],
    certificate: Annotated[UploadFile, File()],
) -> MadeModel:
    """Record training in one's own name."""
    content = certificate.file.read(LARGEST_CERTIFICATE + 1)
    form = TrainingForm(
        course=course.strip(),
        issuer=issuer.strip(),
        completed_on=completed_on,
        expires_on=expires_on,
        certificate=content,
    )
    return MadeModel(id=record_training(ctx, form))


@router.get("/terms")
def terms() -> TermsModel:
    """The terms in force."""
    found = current_terms()
    return TermsModel(version=found.version, text=found.text, sha256=found.sha256)


@router.post("/standing/terms", status_code=204)
def sign(ctx: Ctx, signature: SignatureModel) -> None:
    """Sign the terms in one's own name."""
    sign_terms(ctx, version=signature.version, agreed="yes" if signature.agreed else "")


@router.get("/people")
def persons(ctx: Ctx, page: int = 1, words: str = "") -> PersonsModel:
    """Everyone who may sign in."""
    found = list_persons(ctx, page=max(1, min(page, 1_000_000)), words=words[:100])
    return PersonsModel(rows=[_person(one) for one in found.rows], number=found.number, total=found.total)


@router.get("/people/{person_id}")
def person(ctx: Ctx, person_id: str) -> PersonModel:
    """One person."""
    return _person(view_standing(ctx, person_id))


@router.post("/people/{person_id}/roles", status_code=204)
def grant(ctx: Ctx, person_id: str, role: RoleModel) -> None:
    """Give a role."""
    grant_role(ctx, person_id, role.role)


@router.delete("/people/{person_id}/roles/{role}", status_code=204)
def withdraw(ctx: Ctx, person_id: str, role: str) -> None:
    """Take a role away."""
    withdraw_role(ctx, person_id, role)


@router.post("/people/{person_id}/stop", status_code=204)
def stop(request: Request, ctx: Ctx, person_id: str, sent: ReasonModel) -> None:
    """Stop a person's access: signed out everywhere, workspaces ended."""
    desk: PeopleDesk = request.app.state.house.people
    stop_person(ctx, desk, person_id, reason=sent.reason)


@router.post("/people/{person_id}/reinstate", status_code=204)
def reinstate(request: Request, ctx: Ctx, person_id: str, sent: ReasonModel) -> None:
    """Let a stopped person in again."""
    desk: PeopleDesk = request.app.state.house.people
    reinstate_person(ctx, desk, person_id, reason=sent.reason)


def _person(view: StandingView) -> PersonModel:
    about = view.person
    return PersonModel(
        person_id=about.person_id,
        name=about.name,
        organisation=about.organisation,
        roles=sorted(about.roles),
        is_active=about.is_active,
        standing=[LightModel(name=one.name, state=one.state, ends_on=one.ends_on) for one in view.lights],
    )
