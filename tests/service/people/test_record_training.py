"""Recording training and fetching the certificate."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.certificates import PDF, PNG, SCRIPT
from tests.factories.events import detail_of, event_names, events_named
from tre.kernel.errors import Altered, Conflict, Invalid, NotFound, NotPermitted
from tre.people.domain.training import TrainingForm
from tre.people.service.persons import view_standing
from tre.people.service.training import FOLDER, fetch_certificate, record_training
from tre.plumbing.config import Config
from tre.plumbing.unit_of_work import Context

Demo = Callable[[str], Context]
FORM = TrainingForm(
    course="Safe researcher",
    issuer="Office for National Statistics",
    completed_on=date(2026, 1, 5),
    expires_on=date(2029, 1, 5),
    certificate=PDF,
)


def test_training_counts_at_once_and_is_recorded(demo: Demo, sessions: sessionmaker[Session]) -> None:
    training_id = record_training(demo("amina"), FORM)
    standing = view_standing(demo("amina"), "amina")
    assert (standing.lights[0].state, standing.lights[0].ends_on) == ("in_order", date(2029, 1, 5))
    (event,) = events_named(sessions, "people.training.recorded")
    assert (event.person_id, event.subject) == ("amina", training_id)
    assert detail_of(event)["expires_on"] == "2029-01-05"


def test_the_latest_end_counts(demo: Demo) -> None:
    record_training(demo("amina"), FORM)
    record_training(demo("amina"), replace(FORM, expires_on=date(2027, 1, 5), certificate=PNG))
    assert view_standing(demo("amina"), "amina").lights[0].ends_on == date(2029, 1, 5)


def test_invalid_training_writes_nothing(demo: Demo, sessions: sessionmaker[Session], config: Config) -> None:
    before = event_names(sessions)
    with pytest.raises(Invalid) as refused:
        record_training(demo("amina"), replace(FORM, course="", certificate=SCRIPT))
    assert set(refused.value.fields) == {"course", "certificate"}
    assert event_names(sessions) == before
    assert list((config.state / FOLDER).iterdir()) == []


def test_same_certificate_twice(demo: Demo) -> None:
    record_training(demo("amina"), FORM)
    with pytest.raises(Conflict, match="recorded already"):
        record_training(demo("amina"), FORM)


def test_two_persons_may_have_the_same_certificate(demo: Demo) -> None:
    recorded = [record_training(demo(person), FORM) for person in ("amina", "ben")]
    assert len(set(recorded)) == 2


def test_certificate_comes_back_as_it_was(demo: Demo, sessions: sessionmaker[Session]) -> None:
    training_id = record_training(demo("amina"), FORM)
    assert fetch_certificate(demo("amina"), "amina", training_id).content == PDF
    assert fetch_certificate(demo("farah"), "amina", training_id).kind == "pdf"
    assert [one.person_id for one in events_named(sessions, "people.training.certificate_viewed")] == ["amina", "farah"]


def test_certificate_of_another_person(demo: Demo) -> None:
    training_id = record_training(demo("amina"), FORM)
    with pytest.raises(NotPermitted):
        fetch_certificate(demo("ben"), "amina", training_id)
    with pytest.raises(NotFound):
        fetch_certificate(demo("ben"), "ben", training_id)


def test_altered_certificate_is_not_shown(demo: Demo, config: Config) -> None:
    training_id = record_training(demo("amina"), FORM)
    (stored,) = (config.state / FOLDER).iterdir()
    stored.chmod(0o600)
    stored.write_bytes(PDF + b" ")
    with pytest.raises(Altered):
        fetch_certificate(demo("amina"), "amina", training_id)
    stored.unlink()
    with pytest.raises(Altered):
        fetch_certificate(demo("amina"), "amina", training_id)
