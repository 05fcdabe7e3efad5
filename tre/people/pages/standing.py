"""Owns a researcher's own page: what must be in order, recording training, signing the terms. Must never judge a value."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tre.kernel.errors import Invalid
from tre.people.domain.training import LARGEST_CERTIFICATE, TrainingForm
from tre.people.service.persons import view_standing
from tre.people.service.terms import current_terms, sign_terms
from tre.people.service.training import fetch_certificate, record_training
from tre.plumbing.forms import Fields, FormFields
from tre.plumbing.web import Ctx, render, see_other

router = APIRouter()
_MEDIA = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}


@router.get("/standing")
def show(request: Request, ctx: Ctx) -> Response:
    """What must be in order, with each end date."""
    return render(request, "people/standing.html", {"standing": view_standing(ctx, ctx.actor.person_id)})


@router.get("/standing/training")
def training_form(request: Request, ctx: Ctx) -> Response:
    """The form for recording training."""
    view_standing(ctx, ctx.actor.person_id)
    return render(request, "people/training.html")


@router.post("/standing/training")
def training(request: Request, ctx: Ctx, fields: FormFields) -> Response:
    """Record training."""
    form = TrainingForm(
        course=fields.text("course"),
        issuer=fields.text("issuer"),
        completed_on=fields.date("completed_on", called="the date you completed the course"),
        expires_on=fields.date("expires_on", called="the date the training expires"),
        certificate=_certificate(fields),
    )
    try:
        record_training(ctx, form)
    except Invalid as error:
        errors = {field: fields.faults.get(field, sentence) for field, sentence in error.fields.items()}
        return render(request, "people/training.html", errors=errors, values=fields, status=422)
    return see_other("/standing", flash="Your training is recorded.")


@router.get("/standing/terms")
def terms(request: Request, ctx: Ctx) -> Response:
    """The terms in force, whole, and the form for signing them."""
    standing = view_standing(ctx, ctx.actor.person_id)
    return render(request, "people/terms.html", {"terms": current_terms(), "standing": standing})


@router.post("/standing/terms")
def sign(request: Request, ctx: Ctx, fields: FormFields) -> Response:
    """Sign the terms."""
    try:
        sign_terms(ctx, version=fields.text("terms_version"), agreed=fields.text("agreed"))
    except Invalid as error:
        context = {"terms": current_terms(), "standing": view_standing(ctx, ctx.actor.person_id)}
        return render(request, "people/terms.html", context, errors=error.fields, status=422)
    return see_other("/standing", flash="You have signed the terms.")


@router.get("/people/{person_id}/training/{training_id}/certificate")
def certificate(ctx: Ctx, person_id: str, training_id: str) -> Response:
    """A certificate, as a download: the browser never shows it under our origin."""
    found = fetch_certificate(ctx, person_id, training_id)
    headers = {
        "Content-Disposition": f'attachment; filename="{found.file_name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
    }
    return Response(found.content, media_type=_MEDIA[found.kind], headers=headers)


def _certificate(fields: Fields) -> bytes:
    """Return the chosen file's bytes, one more than is accepted at most: the service then says it is too large."""
    chosen = fields.file("certificate")
    return chosen.file.read(LARGEST_CERTIFICATE + 1) if chosen else b""
