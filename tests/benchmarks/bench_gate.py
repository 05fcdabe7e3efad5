"""An authorised API call, decision and audit row included, against the same route with gate and record left out."""

import os
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import itsdangerous

from tests.benchmarks.measure import Measure, median_difference
from tests.fixtures import opa
from tre.entrypoints.app import COOKIE
from tre.entrypoints.bootstrap.house import build_foundations
from tre.kernel.actor import NOBODY
from tre.migrations.running import upgrade
from tre.people.domain.sign_in import ProvenPerson
from tre.people.service.demo import seed_demo_persons
from tre.people.service.sign_in import open_session
from tre.plumbing.config import Config
from tre.plumbing.web import SESSION_ID
from tre.policy import bundle

ROUTE = "/api/v1/people/amina"  # asked by the admin: looking at somebody else's page is recorded
PAIRS = 500
CALLERS = 16
MOST_MILLISECONDS = 2.0
PORTALS = {"ours": "tre.entrypoints.app:create", "peer": "tests.benchmarks.gateless_portal:create"}


@dataclass(frozen=True)
class Caller:
    """A signed-in client of one portal."""

    client: httpx.Client

    def call(self) -> float:
        """Return the milliseconds of one call."""
        start = time.perf_counter()
        answer = self.client.get(ROUTE)
        taken = time.perf_counter() - start
        assert answer.status_code == 200, answer.text[:300]
        return taken * 1000


def measures() -> Iterator[Measure]:
    """Call both portals in turn; then ours by 16 callers at once."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="tre-bench-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        config = _installation(folder, stack)
        cookie = _cookie(config)
        bases = {name: _start(config, factory, stack) for name, factory in PORTALS.items()}
        ours, peer = (Caller(_client(bases[name], cookie, stack)) for name in PORTALS)
        for caller in (ours, peer):
            [caller.call() for _ in range(50)]
        taken: dict[str, list[float]] = {"ours": [], "peer": []}
        for pair in range(PAIRS):
            for name, caller in (("ours", ours), ("peer", peer)) if pair % 2 else (("peer", peer), ("ours", ours)):
                taken[name].append(caller.call())
        yield median_difference(
            "An authorised API call, decision and audit row included, against gate and record left out",
            taken["ours"], taken["peer"], most=MOST_MILLISECONDS, unit="ms",
        )  # fmt: skip
        crowds = {name: _crowd(bases[name], cookie, stack) for name in PORTALS}
    at_99 = {name: statistics.quantiles(values, n=100)[98] for name, values in crowds.items()}
    yield Measure(
        name=f"The same, p99 of {CALLERS} callers at once",
        ours=at_99["ours"], peer=at_99["peer"], ratio=at_99["ours"] / at_99["peer"],
        bar="reported", holds=True, runs=len(crowds["ours"]), unit="ms",
    )  # fmt: skip


def _crowd(base: str, cookie: str, stack: ExitStack) -> list[float]:
    callers = [Caller(_client(base, cookie, stack)) for _ in range(CALLERS)]
    with ThreadPoolExecutor(CALLERS) as pool:
        series = pool.map(lambda caller: [caller.call() for _ in range(40)], callers)
        return [one for values in series for one in values]


def _installation(folder: Path, stack: ExitStack) -> Config:
    config = opa.installation(folder / "state")
    for name in ("session_secret", "plan_key", "portal_hub_token", "oidc_portal_secret"):
        (config.state / "secrets" / name).write_text(secrets.token_hex(32))
    (config.state / "db").mkdir()
    bundle.prepare(config, opa=opa.opa_binary())
    stack.callback(opa.stop, opa.start(config))
    opa.wait_until_ready(config)
    upgrade(config.database)
    return config


def _cookie(config: Config) -> str:
    house = build_foundations(config)
    seed_demo_persons(house.sessions, config, now=house.clock.now())
    proven = ProvenPerson(person_id="farah", account="bench farah", name="Farah", strength=config.mfa_acr, id_token="")
    sid = open_session(house.context(NOBODY), proven)
    house.engine.dispose()
    return _signed({SESSION_ID: sid}, config.secret("session_secret"))


def _signed(values: dict[str, str], key: str) -> str:
    import base64
    import json

    return itsdangerous.TimestampSigner(key).sign(base64.b64encode(json.dumps(values).encode())).decode()


def _start(config: Config, factory: str, stack: ExitStack) -> str:
    port = opa.free_port()
    environ = os.environ | {"TRE_STATE": str(config.state), "TRE_OPA_PORT": str(config.opa_port)}
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", factory, "--factory", "--host", "127.0.0.1", "--port", str(port), "--no-access-log"],
        env=environ, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    stack.callback(process.wait)
    stack.callback(process.terminate)
    base = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            httpx.get(f"{base}/healthz", trust_env=False)
            return base
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"{factory} did not start")


def _client(base: str, cookie: str, stack: ExitStack) -> httpx.Client:
    return stack.enter_context(httpx.Client(base_url=base, headers={"Cookie": f"{COOKIE}={cookie}"}, trust_env=False))
