"""`tre data reidentify|bridge|keys`: who stands at the command line, and the whole way from the question to the answer read once."""

import os
import pwd
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.disclosing import REASON, As, pseudonyms_in
from tests.fixtures.broker import Broker
from tre.entrypoints.cli import who
from tre.entrypoints.cli.__main__ import main
from tre.kernel.errors import NotPermitted
from tre.plumbing.config import Config
from tre.projects.domain.project import Project

Approved = Callable[..., Project]
SOMEBODY = next(one for one in pwd.getpwall() if one.pw_uid not in {0, os.getuid()})


@pytest.fixture
def at_hand(
    both_loaded: Broker, as_person: As, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> Broker:
    """The command line over this test's records, gate and clock."""
    ctx = as_person("system:broker")
    monkeypatch.setenv("TRE_STATE", str(ctx.config.state))

    def foundations(config: Config) -> SimpleNamespace:
        return SimpleNamespace(
            sessions=sessions,
            context=lambda actor: type(ctx)(
                actor=actor, gate=ctx.gate, clock=ctx.clock, sessions=sessions, config=ctx.config
            ),
        )

    monkeypatch.setattr(who, "build_foundations", foundations)
    return both_loaded


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["data", *words]) == code
    told = capsys.readouterr()
    return told.err if code else told.out


def test_from_the_question_to_the_answer_read_once(
    at_hand: Broker, approved: Approved, capsys: pytest.CaptureFixture[str]
) -> None:
    project = approved("hospital")
    at_hand.work()
    pseudonym = min(pseudonyms_in(at_hand.desk.folders.snapshot(project.project_id, 1)))
    asking = ("reidentify", "ask", project.project_id, pseudonym, "--case", "INC-7", "--reason", REASON)
    request = said(capsys, *asking, "--as", "gwen").split()[0]
    assert "Another person has to" in said(capsys, "reidentify", "approve", request, "--as", "gwen", code=1)
    assert "broker answers" in said(capsys, "reidentify", "approve", request, "--as", "farah")
    at_hand.work()
    assert "Only the two" in said(capsys, "reidentify", "read", request, "--as", "olga", code=1)
    namespace, identifier = said(capsys, "reidentify", "read", request, "--as", "farah").split()
    assert int(identifier) in at_hand.desk.vault.register(namespace).identifiers
    assert not list((at_hand.desk.folders.vault / "answers").iterdir())
    assert "cannot read" in said(capsys, "reidentify", "read", request, "--as", "farah", code=1)
    listed = said(capsys, "reidentify", "list", "--as", "gwen")
    assert "read" in listed
    assert identifier not in listed


def test_bridge_and_rotation_in_words(at_hand: Broker, approved: Approved, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = approved("hospital").project_id, approved("hospital").project_id
    at_hand.work()
    asking = ("bridge", "ask", source, target, "--reason", REASON, "--as", "olga")
    assert "2027-03-31" in said(capsys, *asking, "--until", "tomorrow", code=1)
    bridge = said(capsys, *asking, "--until", "2026-12-31").split()[0]
    assert "one more yes" in said(capsys, "bridge", "agree", bridge, "--role", "custodian", "--as", "gwen")
    assert "lays it next" in said(capsys, "bridge", "agree", bridge, "--role", "admin", "--as", "farah")
    at_hand.work()
    assert " laid " in said(capsys, "bridge", "list", "--as", "gwen")
    assert (at_hand.desk.folders.snapshot(target, 1) / f"bridges/{bridge}.parquet").exists()
    assert "taken away" in said(capsys, "bridge", "refuse", bridge, "--as", "gwen")
    assert "Version 2 is ordered" in said(capsys, "keys", "rotate", "--as", "farah")
    at_hand.work()
    assert at_hand.desk.vault.key_version == 2


def test_the_list_of_keys_tells_states_and_days_and_never_a_key(
    at_hand: Broker, approved: Approved, capsys: pytest.CaptureFixture[str]
) -> None:
    approved("hospital")
    at_hand.work()
    said(capsys, "keys", "rotate", "--as", "farah")
    assert "  2  being made" in said(capsys, "keys", "list", "--as", "gwen")
    at_hand.work()
    listed = said(capsys, "keys", "list", "--as", "farah")
    second, first = listed.splitlines()
    assert second.split()[:6] == ["2", "in", "use", "made", "2026-11-23", "09:00"]
    assert second.endswith("file            0 snapshots")
    assert (first.split()[:2], first.split()[-2:]) == (["1", "kept"], ["1", "snapshots"])
    for key in at_hand.desk.folders.vault.glob("key*"):
        assert key.read_text(errors="replace").strip() not in listed
    assert "Only a custodian or an admin" in said(capsys, "keys", "list", "--as", "amina", code=1)


def test_who_is_behind_sudo_and_that_its_words_count_only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    behind = {"SUDO_UID": str(SOMEBODY.pw_uid), "SUDO_USER": "farah"}
    monkeypatch.setattr(os, "getuid", lambda: 0)
    assert who.account_here(behind) == SOMEBODY.pw_name
    for environment in ({}, {"SUDO_USER": "farah"}, {"SUDO_UID": "0"}, {"SUDO_UID": "x"}, {"SUDO_UID": "999999"}):
        with pytest.raises(NotPermitted, match="nobody in particular"):
            who.account_here(environment)
    monkeypatch.setattr(os, "getuid", lambda: SOMEBODY.pw_uid)
    assert who.account_here({"SUDO_UID": "0", "SUDO_USER": "farah"}) == SOMEBODY.pw_name


def test_only_accounts_that_the_operator_named_stand_for_a_person(
    at_hand: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: SOMEBODY.pw_uid)
    state = at_hand.desk.folders.vault.parent
    named = f"root=farah, {SOMEBODY.pw_name}=gwen"
    assert who.context_here(Config(state=state, broker_accounts=named)).actor.person_id == "gwen"
    assert who.context_here(Config(state=state, broker_accounts=named)).actor.proved_by == "command-line"
    for accounts in ("", "farah=farah", f"{SOMEBODY.pw_name}=stranger"):
        with pytest.raises(NotPermitted, match="stands for nobody"):
            who.context_here(Config(state=state, broker_accounts=accounts))


def test_outside_of_a_demonstration_nobody_acts_as_somebody_else(at_hand: Broker) -> None:
    config = Config(state=at_hand.desk.folders.vault.parent, mode="production")
    with pytest.raises(NotPermitted, match="demonstration"):
        who.context_here(config, stands_for="farah")
