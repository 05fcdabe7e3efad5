"""Granting and withdrawing roles."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.events import detail_of, events_named
from tre.kernel.authz import Action
from tre.kernel.errors import Conflict, NotFound, NotPermitted
from tre.kernel.facts import PersonFacts
from tre.people.service.demo import DEMO_PERSONS
from tre.people.service.persons import list_persons, view_standing
from tre.people.service.roles import grant_role, withdraw_role
from tre.plumbing.unit_of_work import Context

Demo = Callable[[str], Context]


def test_admin_grants_and_withdraws(demo: Demo, sessions: sessionmaker[Session]) -> None:
    grant_role(demo("farah"), "ben", "output_checker")
    assert view_standing(demo("farah"), "ben").person.roles == {"researcher", "output_checker"}
    withdraw_role(demo("farah"), "ben", "researcher")
    assert view_standing(demo("farah"), "ben").person.roles == {"output_checker"}
    (granted,) = events_named(sessions, "people.role.granted")
    assert (granted.person_id, granted.subject, detail_of(granted)) == ("farah", "ben", {"role": "output_checker"})
    assert len(events_named(sessions, "people.role.withdrawn")) == 1


@pytest.mark.parametrize("person_id", ["amina", "cara", "gwen", "hugo"])
def test_nobody_else_grants(demo: Demo, person_id: str, sessions: sessionmaker[Session]) -> None:
    with pytest.raises(NotPermitted):
        grant_role(demo(person_id), "ben", "admin")
    (refused,) = events_named(sessions, "people.role.refused")
    assert refused.person_id == person_id


def test_no_role_for_oneself(demo: Demo) -> None:
    with pytest.raises(NotPermitted) as refused:
        grant_role(demo("farah"), "farah", "custodian")
    assert "people.role.own" in refused.value.reasons


@pytest.mark.parametrize("role", ["system", "", "king", "admin' --"])
def test_unknown_role(demo: Demo, role: str) -> None:
    with pytest.raises(NotPermitted) as refused:
        grant_role(demo("farah"), "ben", role)
    assert "people.role.unknown" in refused.value.reasons


def test_role_held_already_or_not_held(demo: Demo) -> None:
    with pytest.raises(Conflict):
        grant_role(demo("farah"), "ben", "researcher")
    with pytest.raises(Conflict):
        withdraw_role(demo("farah"), "ben", "admin")


def test_unknown_person(demo: Demo) -> None:
    with pytest.raises(NotFound):
        grant_role(demo("farah"), "nobody-here", "researcher")


def test_list_for_admins_alone(demo: Demo) -> None:
    page = list_persons(demo("farah"), page=1)
    assert [one.person.person_id for one in page.rows][:2] == ["amina", "ben"]
    assert [one.person.person_id for one in list_persons(demo("farah"), page=1, words="ASHCOMBE").rows] == [
        "amina",
        "esme",
        "gwen",
    ]
    assert list_persons(demo("farah"), page=1, words="100%_").rows == []
    with pytest.raises(NotPermitted):
        list_persons(demo("amina"), page=1)


@pytest.mark.parametrize("person_id", [one.person_id for one in DEMO_PERSONS])
def test_the_list_is_the_single_checks(demo: Demo, person_id: str) -> None:
    ctx = demo(person_id)
    try:
        listed = {one.person.person_id for one in list_persons(ctx, page=1).rows}
    except NotPermitted:
        return
    with ctx.look() as unit:
        everyone = [one.person_id for one in DEMO_PERSONS]
        viewable = {one for one in everyone if unit.may(Action.PEOPLE_PERSON_VIEW, PersonFacts(person_id=one))}
    assert listed == viewable


def test_anothers_standing(demo: Demo) -> None:
    with pytest.raises(NotPermitted):
        view_standing(demo("amina"), "ben")
    with pytest.raises(NotFound):
        view_standing(demo("farah"), "nobody-here")


def test_training_and_terms_are_asked_of_researchers_alone(demo: Demo) -> None:
    def lights() -> list[str]:
        return [one.state for one in view_standing(demo("farah"), "gwen").lights]

    assert lights() == ["not_needed", "not_needed", "in_order"]
    grant_role(demo("farah"), "gwen", "researcher")
    assert lights() == ["missing", "missing", "in_order"]
