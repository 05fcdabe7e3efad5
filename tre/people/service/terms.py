"""Owns which terms are in force, and signing them. Must never change a text that somebody signed: a new version is a new file."""

from functools import cache
from pathlib import Path

from tre.kernel.authz import Action
from tre.kernel.errors import Conflict, Invalid
from tre.kernel.facts import PersonFacts
from tre.people import tables
from tre.people.domain.terms import Terms
from tre.plumbing.unit_of_work import Context

TEXTS = Path(__file__).parents[1] / "terms"


@cache
def current_terms() -> Terms:
    """Return the terms in force: the newest version there is."""
    newest = max(TEXTS.glob("*.md"), key=lambda path: path.stem)
    return Terms(version=newest.stem, text=newest.read_text())


def sign_terms(ctx: Context, *, version: str, agreed: str) -> None:
    """Sign the terms in one's own name.

    Args:
        ctx: the person who signs.
        version: the version that the person had before their eyes.
        agreed: `yes` when the box was ticked.

    Raises:
        Invalid: the box was not ticked.
        Conflict: newer terms came into force while the page was open, or they are signed already.
    """
    terms = current_terms()
    person_id = ctx.actor.person_id
    with ctx.begin() as unit:
        unit.check(Action.PEOPLE_TERMS_SIGN, PersonFacts(person_id=person_id))
        if agreed != "yes":
            raise Invalid({"agreed": "Tick the box to say that you have read the terms and will keep them."})
        if version != terms.version:
            raise Conflict(
                "The terms changed while you had them open. Read the new ones, then sign.", code="people.terms.changed"
            )
        row = tables.load_person(unit.session, person_id)
        if any(one.version == version for one in row.signatures):
            raise Conflict("You have signed these terms already.", code="people.terms.already_signed")
        row.signatures.append(tables.SignatureRow(version=version, text_sha256=terms.sha256, signed_at=unit.now))
        unit.record("people.terms.signed", subject=person_id, detail={"version": version, "sha256": terms.sha256})
