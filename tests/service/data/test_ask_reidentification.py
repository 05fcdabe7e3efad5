"""Asking who is behind a pseudonym, before the broker comes to it: who may, how often, and in which words."""

from datetime import timedelta

import pytest

from tests.factories.disclosing import REASON, As, at_the_broker
from tests.fixtures.projects import ProjectAt
from tre.data.service import reidentifying
from tre.kernel.clock import SetClock
from tre.kernel.errors import IllegalMove, Invalid, NotFound, NotPermitted
from tre.projects.domain.project import Project

PSEUDONYM = "P" + "A" * 26


@pytest.fixture
def project(project_at: ProjectAt) -> Project:
    return project_at("approved")


def ask(as_person: As, project: Project, *, who: str = "gwen") -> str:
    ctx = at_the_broker(as_person, who)
    return reidentifying.ask(ctx, project.project_id, pseudonym=PSEUDONYM, case_number="INC-1042", reason=REASON)


def test_one_person_is_never_two(project: Project, as_person: As) -> None:
    request = ask(as_person, project)
    with pytest.raises(NotPermitted) as refused:
        reidentifying.approve(at_the_broker(as_person, "gwen", "admin", "custodian"), request)
    assert refused.value.reasons == ("data.reidentification.own_request",)


def test_a_researcher_a_signed_in_admin_and_a_process_cannot(project: Project, as_person: As) -> None:
    for ctx in (at_the_broker(as_person, "amina"), as_person("farah"), as_person("system:broker")):
        with pytest.raises(NotPermitted):
            reidentifying.ask(ctx, project.project_id, pseudonym=PSEUDONYM, case_number="INC-1", reason=REASON)
    request = ask(as_person, project)
    for ctx in (as_person("farah"), as_person("system:command-line"), at_the_broker(as_person, "amina")):
        for act in (reidentifying.approve, reidentifying.refuse, reidentifying.note_read):
            with pytest.raises(NotPermitted):
                act(ctx, request)


def test_no_more_in_a_day_than_is_set_by_one_person_or_for_one_project(
    project: Project, as_person: As, clock: SetClock
) -> None:
    most = as_person("gwen").config.reidentifications_a_day
    for _ in range(most):
        ask(as_person, project)
    for who in ("gwen", "olga"):
        with pytest.raises(NotPermitted) as refused:
            ask(as_person, project, who=who)
        assert refused.value.reasons == ("data.reidentification.over_rate",)
    clock.move(timedelta(days=1, seconds=1))
    ask(as_person, project, who="olga")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("pseudonym", "nonsense"),
        ("pseudonym", "R" + "A" * 26),
        ("pseudonym", "P" + "A" * 25),
        ("case_number", "  "),
        ("reason", "because"),
        ("reason", "The patient with number 999 000 0018 has to be told."),
        ("case_number", "9990000018"),
    ],
)
def test_what_is_not_said_right_is_not_taken(as_person: As, project: Project, field: str, text: str) -> None:
    said = {"pseudonym": "P" + "A" * 26, "case_number": "INC-1", "reason": REASON} | {field: text}
    with pytest.raises(Invalid):
        reidentifying.ask(at_the_broker(as_person, "gwen"), project.project_id, **said)


def test_a_project_that_does_not_exist_and_moves_that_do_not(project: Project, as_person: As) -> None:
    ctx = at_the_broker(as_person, "gwen")
    with pytest.raises(NotFound):
        reidentifying.ask(ctx, "p-zzzzzz", pseudonym=PSEUDONYM, case_number="INC-1", reason=REASON)
    with pytest.raises(NotFound):
        reidentifying.approve(at_the_broker(as_person, "farah"), "ri-none")
    request = ask(as_person, project)
    with pytest.raises(IllegalMove):
        reidentifying.note_read(ctx, request)
    reidentifying.refuse(ctx, request)
    with pytest.raises(IllegalMove):
        reidentifying.approve(at_the_broker(as_person, "farah"), request)
    assert [row.state for row in reidentifying.list_requests(ctx)] == ["refused"]
