"""A unit commits only with a decision and a record; a refusal leaves its record alone; no answer leaves nothing."""

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.fixtures import opa
from tests.fixtures.context import MakeContext
from tests.fixtures.opa import free_port
from tre.kernel.authz import Action
from tre.kernel.errors import NotFound, NotPermitted, Unavailable
from tre.kernel.facts import NoFacts, PersonFacts
from tre.plumbing import jobs
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.unit_of_work import Context, Undecided, Unit
from tre.policy.opa import PolicyServer, policy_server


def write(unit: Unit) -> None:
    jobs.enqueue(unit.session, "data.dataset.ingest", subject="nhanes", payload={}, now=unit.now)


def rows(sessions: sessionmaker[Session]) -> list[AuditRow]:
    with sessions() as session:
        return list(session.scalars(select(AuditRow).order_by(AuditRow.number)))


def written(sessions: sessionmaker[Session]) -> bool:
    with sessions() as session:
        return session.scalar(select(jobs.JobRow.id)) is not None


def test_a_unit_with_decision_and_record_commits_all(context_of: MakeContext, sessions: sessionmaker[Session]) -> None:
    done: list[str] = []
    with context_of("farah", "admin").begin() as unit:
        unit.check(Action.AUDIT_RECORD_VIEW, NoFacts())
        write(unit)
        unit.record("audit.record.viewed", subject="all")
        unit.after_commit(lambda: done.append("after"))
        assert not done
    assert done == ["after"]
    assert written(sessions)
    (row,) = rows(sessions)
    decision = json.loads(row.decision)
    assert (row.name, row.person_id, decision["action"], decision["allowed"]) == (
        "audit.record.viewed",
        "farah",
        "audit.record.view",
        True,
    )
    assert decision["revision"]


@pytest.mark.parametrize("part", ["decision", "record"])
def test_a_unit_without_decision_or_record_writes_nothing(
    context_of: MakeContext, sessions: sessionmaker[Session], part: str
) -> None:
    with pytest.raises(Undecided), context_of("farah", "admin").begin() as unit:
        write(unit)
        if part == "record":
            unit.check(Action.AUDIT_RECORD_VIEW, NoFacts())
        else:
            unit.record("audit.record.viewed")
    assert not written(sessions)
    assert rows(sessions) == []


def test_a_refusal_undoes_everything_and_is_recorded(context_of: MakeContext, sessions: sessionmaker[Session]) -> None:
    with pytest.raises(NotPermitted), context_of("amina", "researcher").begin() as unit:
        write(unit)
        unit.check(Action.AUDIT_RECORD_VIEW, NoFacts())
    assert not written(sessions)
    (row,) = rows(sessions)
    assert (row.name, row.person_id, json.loads(row.decision)["allowed"]) == ("audit.record.refused", "amina", False)
    assert json.loads(row.detail)["reasons"]


def test_no_answer_writes_nothing_at_all(context_of: MakeContext, sessions: sessionmaker[Session]) -> None:
    nobody_there = PolicyServer(host="127.0.0.1", port=free_port(), token="x")
    ctx: Context = replace(context_of("farah", "admin"), gate=nobody_there)
    with pytest.raises(Unavailable), ctx.begin() as unit:
        write(unit)
        unit.check(Action.AUDIT_RECORD_VIEW, NoFacts())
    assert not written(sessions)
    assert rows(sessions) == []


def test_what_was_read_meanwhile_is_shown_after_a_yes_alone(context_of: MakeContext) -> None:
    with context_of("farah", "admin").begin() as unit:
        with unit.checking(Action.AUDIT_RECORD_VIEW, NoFacts()):
            assert unit.decisions == []  # the block runs before the answer is awaited
        assert unit.decisions[-1].allowed
        unit.record("audit.record.viewed")


def test_a_no_outweighs_what_went_wrong_meanwhile(context_of: MakeContext, sessions: sessionmaker[Session]) -> None:
    with pytest.raises(NotPermitted), context_of("amina", "researcher").begin() as unit:  # noqa: SIM117
        with unit.checking(Action.AUDIT_RECORD_VIEW, NoFacts()):
            write(unit)
            raise NotFound("There is no such record.")
    assert not written(sessions)
    assert [row.name for row in rows(sessions)] == ["audit.record.refused"]


def test_what_went_wrong_meanwhile_is_told_after_a_yes(
    context_of: MakeContext, sessions: sessionmaker[Session]
) -> None:
    with pytest.raises(NotFound), context_of("farah", "admin").begin() as unit:  # noqa: SIM117
        with unit.checking(Action.AUDIT_RECORD_VIEW, NoFacts()):
            raise NotFound("There is no such record.")
    assert rows(sessions) == []


def test_no_answer_outweighs_what_was_read_meanwhile(
    context_of: MakeContext, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    with opa.running(tmp_path / "paused") as server, closing(policy_server(server.config)) as gate:
        ctx: Context = replace(context_of("farah", "admin"), gate=gate)
        opa.pause(server.process)
        with pytest.raises(Unavailable), ctx.begin() as unit:  # noqa: SIM117
            with unit.checking(Action.AUDIT_RECORD_VIEW, NoFacts()):
                write(unit)
    assert not written(sessions)
    assert rows(sessions) == []


def test_several_questions_are_answered_each_for_itself(context_of: MakeContext) -> None:
    with context_of("amina", "researcher").look() as unit:
        whose = {
            person: (Action.PEOPLE_PERSON_VIEW, PersonFacts(person_id=person)) for person in ("ben", "amina", "cara")
        }
        against = unit.why_not_each(whose)
        assert against == {person: unit.why_not(*question) for person, question in whose.items()}
        assert [person for person, why in against.items() if not why] == ["amina"]
