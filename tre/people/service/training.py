"""Owns recording training and keeping certificates. Must never serve a certificate as anything but a download."""

from dataclasses import dataclass

from tre.kernel.authz import Action
from tre.kernel.errors import Conflict, Invalid
from tre.kernel.facts import PersonFacts
from tre.kernel.ids import new_id
from tre.people import certificates, tables
from tre.people.domain.training import TrainingForm, faults_of, kind_of
from tre.plumbing.unit_of_work import Context

FOLDER = "certificates"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate to hand out: its bytes, its kind and a file name of ours."""

    content: bytes
    kind: str
    file_name: str


def record_training(ctx: Context, form: TrainingForm) -> str:
    """Record training in one's own name; return its id.

    Raises:
        Invalid: with a sentence for each field.
        Conflict: this certificate is recorded already.
    """
    person_id = ctx.actor.person_id
    with ctx.begin() as unit:
        unit.check(Action.PEOPLE_TRAINING_RECORD, PersonFacts(person_id=person_id))
        faults = faults_of(form, today=unit.now.date())
        if faults or form.completed_on is None or form.expires_on is None:
            raise Invalid(faults, code="people.training.invalid")
        row = tables.load_person(unit.session, person_id)
        sha256 = certificates.keep(ctx.config.state / FOLDER, form.certificate)
        if any(one.certificate_sha256 == sha256 for one in row.training):
            raise Conflict("This certificate is recorded already.", code="people.training.already_recorded")
        new = tables.TrainingRow(
            id=new_id("t", length=8),
            course=form.course,
            issuer=form.issuer,
            completed_on=form.completed_on,
            expires_on=form.expires_on,
            certificate_sha256=sha256,
            certificate_kind=kind_of(form.certificate),
            recorded_at=unit.now,
        )
        row.training.append(new)
        detail = {"person": person_id, "expires_on": form.expires_on, "certificate_sha256": sha256}
        unit.record("people.training.recorded", subject=new.id, detail=detail)
        return new.id


def fetch_certificate(ctx: Context, person_id: str, training_id: str) -> Certificate:
    """Return a certificate, exactly as it was handed in.

    Raises:
        NotFound: no such training of that person.
        Altered: the stored bytes are not what was handed in.
    """
    with ctx.begin() as unit:
        unit.check(Action.PEOPLE_PERSON_VIEW, PersonFacts(person_id=person_id))
        row = tables.load_training(unit.session, training_id, person_id=person_id)
        content = certificates.fetch(ctx.config.state / FOLDER, row.certificate_sha256)
        unit.record("people.training.certificate_viewed", subject=training_id, detail={"person": person_id})
        suffix = {"jpeg": "jpg"}.get(row.certificate_kind, row.certificate_kind)
        return Certificate(
            content=content, kind=row.certificate_kind, file_name=f"certificate-{person_id}-{training_id}.{suffix}"
        )
