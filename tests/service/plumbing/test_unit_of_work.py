"""A unit commits only with a decision and a record; a refusal leaves its record alone; no answer leaves nothing."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.fixtures.context import MakeContext
from tests.fixtures.opa import free_port
from tre.kernel.authz import Action
from tre.kernel.errors import NotPermitted, Unavailable
from tre.kernel.facts import NoFacts
from tre.plumbing import jobs
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.unit_of_work import Context, Undecided, Unit
from tre.policy.opa import PolicyServer


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
