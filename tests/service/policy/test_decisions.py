"""The real server's decisions through the gate: what a service is told."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.fixtures.opa import Opa
from tre.kernel.actor import NOBODY, Actor, system_actor
from tre.kernel.authz import Action, Facts, Gate
from tre.kernel.conditions import Never
from tre.kernel.errors import Unavailable
from tre.kernel.facts import NoFacts, PersonFacts, ProjectFacts, Standing, WorkspaceFacts
from tre.policy.opa import LISTED

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AMINA = Actor(person_id="amina", roles=frozenset({"researcher"}), member_of=frozenset({"p-aaaaaa"}))
IN_ORDER = Standing(training_expires_on="2027-03-01", terms_signed="2", terms_current="2")


def workspace(**changes: object) -> WorkspaceFacts:
    whole: dict[str, object] = {
        "project_id": "p-aaaaaa", "project_state": "approved", "members": ("amina",), "ends_on": "2027-06-30",
        "person_id": "amina", "snapshot_state": "ready", "standing": IN_ORDER,
    }  # fmt: skip
    return WorkspaceFacts(**(whole | changes))  # type: ignore[arg-type]


def test_a_yes_carries_obligations_and_the_bundles_revision(gate: Gate, opa_server: Opa) -> None:
    decision = gate.decide(Action.SESSIONS_WORKSPACE_OPEN, AMINA, workspace(), now=NOW)
    assert decision.allowed
    assert decision.reasons == ()
    assert decision.obligations == {"hours": 12, "lapses_on": "2027-03-01"}
    assert decision.revision == opa_server.revision


def test_a_no_carries_every_reason_and_the_revision(gate: Gate, opa_server: Opa) -> None:
    facts = workspace(project_state="submitted", snapshot_state="")
    decision = gate.decide(Action.SESSIONS_WORKSPACE_OPEN, AMINA, facts, now=NOW)
    assert not decision.allowed
    assert set(decision.reasons) == {"projects.project.not_approved", "data.snapshot.not_ready"}
    assert decision.obligations == {}
    assert decision.revision == opa_server.revision


def test_the_day_is_that_of_utc(gate: Gate) -> None:
    last_minute = datetime(2026, 11, 24, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    facts = workspace(ends_on="2026-11-23")
    assert gate.decide(Action.SESSIONS_WORKSPACE_OPEN, AMINA, facts, now=last_minute).allowed
    assert not gate.decide(Action.SESSIONS_WORKSPACE_OPEN, AMINA, facts, now=last_minute + timedelta(hours=1)).allowed


@pytest.mark.parametrize("action", list(Action))
def test_nobody_may_do_nothing(gate: Gate, action: Action) -> None:
    decision = gate.decide(action, NOBODY, NoFacts(), now=NOW)
    assert (decision.allowed, decision.reasons) == (False, ("people.not_signed_in",))


def test_a_role_named_system_makes_no_process_of_a_person(gate: Gate) -> None:
    amina = Actor(person_id="amina", roles=frozenset({"system"}))
    facts = PersonFacts(person_id="ben", role="admin")
    assert not gate.decide(Action.PEOPLE_ROLE_GRANT, amina, facts, now=NOW).allowed
    assert gate.decide(Action.PEOPLE_ROLE_GRANT, system_actor("command-line"), facts, now=NOW).allowed


@pytest.mark.parametrize("facts", [NoFacts(), PersonFacts(person_id="amina"), workspace()])
def test_facts_of_another_kind_are_refused(gate: Gate, facts: Facts) -> None:
    decision = gate.decide(Action.PROJECTS_PROJECT_VIEW, AMINA, facts, now=NOW)
    assert (decision.allowed, decision.reasons) == (False, ("policy.question.malformed",))


def test_a_number_that_is_none_is_no_question(gate: Gate) -> None:
    odd = PersonFacts(person_id=float("nan"))  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        gate.decide(Action.PEOPLE_PERSON_VIEW, AMINA, odd, now=NOW)


def test_what_cannot_be_written_as_json_is_no_question(gate: Gate) -> None:
    with pytest.raises(Unavailable):
        gate.decide(Action.PEOPLE_PERSON_VIEW, AMINA, PersonFacts(person_id=object()), now=NOW)  # type: ignore[arg-type]


def test_a_list_names_the_revision_of_the_rules_as_a_decision_does(gate: Gate) -> None:
    own = gate.decide(Action.PEOPLE_PERSON_VIEW, AMINA, PersonFacts(person_id="amina"), now=NOW)
    assert gate.conditions(Action.PEOPLE_PERSON_VIEW, AMINA, now=NOW).revision == own.revision != ""


def test_a_list_that_no_rule_makes_is_refused(gate: Gate) -> None:
    with pytest.raises(Unavailable) as caught:
        gate.conditions(Action.OUTPUTS_REVIEW_VOTE, AMINA, now=NOW)
    assert caught.value.code == "policy.no_list"


def test_reasons_have_sentences(gate: Gate) -> None:
    decision = gate.decide(Action.PROJECTS_PROJECT_VIEW, AMINA, ProjectFacts(lead_id="ben"), now=NOW)
    assert [gate.sentence(reason) for reason in decision.reasons] == [
        "This project is not open to you. Ask its lead to add you, or an admin."
    ]


@pytest.mark.parametrize("action", sorted(LISTED))
def test_a_list_without_any_row_names_it_too(gate: Gate, opa_server: Opa, action: Action) -> None:
    listed = gate.conditions(action, NOBODY, now=NOW)
    assert (listed.condition, listed.revision) == (Never(), opa_server.revision)
