"""Every way in which the policy server cannot answer is `Unavailable`: nothing permitted, nothing written."""

import io
import signal
import socket
import subprocess
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from tests.fixtures import opa
from tre.kernel.actor import Actor
from tre.kernel.authz import Action, Gate
from tre.kernel.clock import SystemClock
from tre.kernel.errors import Unavailable
from tre.kernel.facts import PersonFacts
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.config import Config
from tre.plumbing.db import make_engine, make_sessions
from tre.plumbing.unit_of_work import Context
from tre.policy import bundle
from tre.policy.opa import PolicyServer, policy_server, ready

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AMINA = Actor(person_id="amina", roles=frozenset({"researcher"}))
OWN = PersonFacts(person_id="amina")


@contextmanager
def gate_of(config: Config) -> Iterator[PolicyServer]:
    with closing(policy_server(config)) as gate:
        yield gate


@contextmanager
def started(config: Config) -> Iterator[subprocess.Popen[bytes]]:
    """A server that is started but may never be ready."""
    process = opa.start(config)
    try:
        yield process
    finally:
        opa.stop(process)


def wait_until_listening(config: Config) -> None:
    end = time.monotonic() + opa.START_SECONDS
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex((config.host, config.opa_port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the policy server does not listen")


def refused(gate: Gate) -> str:
    """Ask for what is allowed otherwise, and for a list; return the code of the refusal."""
    with pytest.raises(Unavailable) as single:
        gate.decide(Action.PEOPLE_PERSON_VIEW, AMINA, OWN, now=NOW)
    with pytest.raises(Unavailable) as awaited:
        gate.ask(Action.PEOPLE_PERSON_VIEW, AMINA, OWN, now=NOW)()
    with pytest.raises(Unavailable) as listed:
        gate.conditions(Action.PEOPLE_PERSON_VIEW, AMINA, now=NOW)
    assert single.value.code == awaited.value.code == listed.value.code
    return single.value.code


def test_killed_and_back(tmp_path: Path) -> None:
    with opa.running(tmp_path / "state") as server, gate_of(server.config) as gate:
        assert gate.decide(Action.PEOPLE_PERSON_VIEW, AMINA, OWN, now=NOW).allowed
        opa.stop(server.process)
        assert refused(gate) == "policy.unreachable"
        assert not ready(server.config)
        with started(server.config):
            opa.wait_until_ready(server.config)
            assert gate.decide(Action.PEOPLE_PERSON_VIEW, AMINA, OWN, now=NOW).allowed


def test_paused(tmp_path: Path) -> None:
    with opa.running(tmp_path / "state") as server, gate_of(server.config) as gate:
        assert gate.decide(Action.PEOPLE_PERSON_VIEW, AMINA, OWN, now=NOW).allowed
        opa.pause(server.process)
        before = time.monotonic()
        assert refused(gate) == "policy.late"
        assert time.monotonic() - before < 5
        assert not ready(server.config)
        server.process.send_signal(signal.SIGCONT)
        opa.wait_until_ready(server.config)
        assert gate.decide(Action.PEOPLE_PERSON_VIEW, AMINA, OWN, now=NOW).allowed


def test_without_its_bundle(tmp_path: Path) -> None:
    config = opa.installation(tmp_path / "state")
    bundle.prepare(config, opa=opa.opa_binary())
    (config.state / "run/opa/bundle.tar.gz").unlink()
    with started(config), gate_of(config) as gate:
        wait_until_listening(config)
        refused(gate)
        assert not ready(config)


def test_altered_bundle(tmp_path: Path) -> None:
    config = opa.installation(tmp_path / "state")
    bundle.prepare(config, opa=opa.opa_binary())
    alter(
        config.state / "run/opa/bundle.tar.gz",
        "tre/people/person.rego",
        b'"people.person.not_yours" if is_visible',
        b"_ if true",
    )
    with started(config), gate_of(config) as gate:
        wait_until_listening(config)
        refused(gate)
        assert not ready(config)


def test_bundle_signed_by_another_key(tmp_path: Path) -> None:
    config, other = opa.installation(tmp_path / "state"), opa.installation(tmp_path / "other")
    for one in (config, other):
        bundle.prepare(one, opa=opa.opa_binary())
    (other.state / "run/opa/bundle.tar.gz").replace(config.state / "run/opa/bundle.tar.gz")
    with started(config), gate_of(config) as gate:
        wait_until_listening(config)
        refused(gate)
        assert not ready(config)


def test_wrong_token(opa_server: opa.Opa) -> None:
    config = opa_server.config
    with closing(PolicyServer(host=config.host, port=config.opa_port, token="guessed")) as gate:
        assert refused(gate) == "policy.refused"


@pytest.mark.parametrize("token", ["", "guessed", "the real one"])
def test_nobody_puts_or_reads_a_policy(opa_server: opa.Opa, token: str) -> None:
    config = opa_server.config
    token = config.secret("opa_token") if token == "the real one" else token
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx.Client(base_url=config.opa_url, headers=headers) as outsider:
        answers = [
            outsider.put("/v1/policies/mine", content="package mine\nallow := true"),
            outsider.get("/v1/policies"),
            outsider.delete("/v1/policies/gate"),
            outsider.put("/v1/data/door/token", json="mine"),
            outsider.get("/v1/data/door/token"),
            outsider.patch("/v1/data", json=[]),
            outsider.post("/v1/query", json={"query": "data.door.token = x"}),
            outsider.post("/v1/compile", json={"query": "data.door.token = x"}),
            outsider.get("/v1/config"),
            outsider.get("/metrics"),
        ]
    assert [answer.status_code for answer in answers] == [401] * len(answers)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<html/>..",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_whatever_else_answers_on_the_port(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer_once, args=(listener, answer), daemon=True).start()
        gate = PolicyServer(host="127.0.0.1", port=listener.getsockname()[1], token="t")
        with closing(gate), pytest.raises(Unavailable):
            gate.decide(Action.PEOPLE_PERSON_VIEW, AMINA, OWN, now=NOW)


def test_nothing_is_written_while_it_cannot_be_decided(sqlite_url: str, tmp_path: Path) -> None:
    config = opa.installation(tmp_path / "state")
    engine = make_engine(sqlite_url)
    sessions = make_sessions(engine)
    with gate_of(config) as gate:
        context = Context(actor=AMINA, gate=gate, clock=SystemClock(), sessions=sessions, config=config)
        with pytest.raises(Unavailable), context.begin() as unit:
            unit.session.add(AuditRow())
            unit.check(Action.PEOPLE_PERSON_VIEW, OWN)
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(AuditRow)) == 0
    engine.dispose()


def answer_once(listener: socket.socket, answer: bytes) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(answer)


def alter(archive: Path, name: str, old: bytes, new: bytes) -> None:
    """Replace `old` by `new` in a file of a tar.gz, and leave all else as it is."""
    with tarfile.open(archive) as tar:
        contents = {one: file.read() for one in tar.getmembers() if (file := tar.extractfile(one))}
    with tarfile.open(archive, "w:gz") as tar:
        for member, body in contents.items():
            if member.name.endswith(name):
                assert old in body
                body = body.replace(old, new)  # noqa: PLW2901
            member.size = len(body)
            tar.addfile(member, io.BytesIO(body))
