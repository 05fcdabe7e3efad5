"""From "open workspace" to a JupyterLab that answers: in the sandbox, against the same spawner without one."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

import requests

from tests.benchmarks.measure import Measure, median_ratio
from tests.house.installation import House

PAIRS = 12
MOST = 1.15
PEER = "tests.benchmarks.plain_spawner.PlainSpawner"


def measures() -> Iterator[Measure]:
    """Start workspaces in turn, after one of each that counts for nothing (caches, first workspace folder)."""
    with ExitStack() as stack:
        ours, peer = House(), House(spawner=PEER)
        for house in (ours, peer):
            stack.callback(house.stop)
            house.start()
            _seconds_to_lab(house)
        taken: dict[House, list[float]] = {ours: [], peer: []}
        for pair in range(PAIRS):
            for house in (ours, peer) if pair % 2 else (peer, ours):
                taken[house].append(_seconds_to_lab(house))
    yield median_ratio(
        "Open a workspace: sandboxed against the same spawner without a sandbox", taken[ours], taken[peer], most=MOST
    )


def _seconds_to_lab(house: House) -> float:
    start = time.perf_counter()
    workspace = house.open("amina", "p-aaaaaa")
    headers = {"Host": workspace.host, "Authorization": f"token {house.secret('probe_token')}"}
    page = requests.get(f"{workspace.base}lab", headers=headers, timeout=60)
    seconds = time.perf_counter() - start
    assert page.status_code == 200, page.text[:300]
    workspace.stop()
    return seconds
