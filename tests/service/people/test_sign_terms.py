"""Signing the terms of use."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.events import detail_of, events_named
from tre.kernel.errors import Conflict, Invalid
from tre.people.service.persons import view_standing
from tre.people.service.terms import current_terms, sign_terms
from tre.plumbing.unit_of_work import Context

Demo = Callable[[str], Context]


def test_signature_names_the_words(demo: Demo, sessions: sessionmaker[Session]) -> None:
    terms = current_terms()
    sign_terms(demo("amina"), version=terms.version, agreed="yes")
    (event,) = events_named(sessions, "people.terms.signed")
    assert detail_of(event) == {"version": terms.version, "sha256": terms.sha256}
    standing = view_standing(demo("amina"), "amina")
    assert (standing.terms_signed, standing.lights[1].state) == (terms.version, "in_order")


def test_box_must_be_ticked(demo: Demo) -> None:
    with pytest.raises(Invalid) as refused:
        sign_terms(demo("amina"), version=current_terms().version, agreed="")
    assert set(refused.value.fields) == {"agreed"}


def test_terms_that_changed_meanwhile(demo: Demo, sessions: sessionmaker[Session]) -> None:
    with pytest.raises(Conflict, match="changed while"):
        sign_terms(demo("amina"), version="2020-01", agreed="yes")
    assert events_named(sessions, "people.terms.signed") == []


def test_second_signature(demo: Demo) -> None:
    sign_terms(demo("amina"), version=current_terms().version, agreed="yes")
    with pytest.raises(Conflict, match="already"):
        sign_terms(demo("amina"), version=current_terms().version, agreed="yes")
