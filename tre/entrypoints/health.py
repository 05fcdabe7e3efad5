"""Owns the question which parts of the installation answer, and which bounds are in force. Must never start or stop a part."""

import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from tre.entrypoints.bootstrap import House
from tre.entrypoints.supervise.health import is_healthy
from tre.entrypoints.supervise.parts import list_parts
from tre.entrypoints.supervise.programs import find_programs
from tre.plumbing.db import answers

KEPT_SECONDS = 2.0  # whoever asks, the parts are not asked more often than that
_OWN = "portal"

# For people: what a part is for, and what cannot be done without it.
_ABOUT = {
    "records": ("Records", "Who may do what, and what was done. Without them nothing can be done at all."),
    "opa": ("Policy server", "Decides every request. Without it nothing is permitted, and nothing is lost."),
    "idp": ("Sign-in service", "Says who you are. Without it nobody can sign in; whoever is signed in stays so."),
    "proxy": ("Front door", "Leads your browser to this page and to your workspaces."),
    "hub": ("Workspaces", "Starts and stops workspaces. Without it none can be opened; those that are open go on."),
    "session-api": (
        "Requests from workspaces",
        "Takes the requests for release that researchers make in their workspaces.",
    ),
    "timer": (
        "Timekeeper",
        "Looks every few seconds whether each open workspace may go on, and stops what has lapsed.",
    ),
    "broker": ("Data broker", "Builds the data of approved projects. Without it, building waits."),
}


@dataclass(frozen=True, kw_only=True)
class PartHealth:
    """Whether one part answers: its short name, its name and purpose for people."""

    name: str
    title: str
    purpose: str
    answers: bool


class HealthDesk:
    """Asks every part, all at once, and keeps the answers for a moment."""

    def __init__(self, house: House) -> None:
        asks: dict[str, Callable[[], bool]] = {"records": lambda: _records_answer(house)}
        for part in list_parts(house.config, find_programs(os.environ)):
            if part.name != _OWN:
                asks[part.name] = lambda address=part.health: is_healthy(address)  # type: ignore[misc]
        self._asks = asks
        self._limits = house.config.state / "run/hub/limits.json"
        self._lock = threading.Lock()
        self._asked_at = float("-inf")
        self._found: tuple[PartHealth, ...] = ()

    def parts(self) -> tuple[PartHealth, ...]:
        """Return every part with its answer, at most `KEPT_SECONDS` old."""
        with self._lock:
            if time.monotonic() - self._asked_at > KEPT_SECONDS:
                self._found = self._ask_all()
                self._asked_at = time.monotonic()
            return self._found

    def limits(self) -> dict[str, str]:
        """Return what holds each bound of a workspace, in words, as the hub told at its start; empty when it has not."""
        try:
            told = json.loads(self._limits.read_text())
        except (OSError, ValueError):
            return {}
        return {str(name): str(value) for name, value in told.items()}

    def _ask_all(self) -> tuple[PartHealth, ...]:
        with ThreadPoolExecutor(len(self._asks)) as pool:
            found = list(pool.map(lambda ask: ask(), self._asks.values()))
        return tuple(_part(name, is_up) for name, is_up in zip(self._asks, found, strict=True))


def missing(parts: Sequence[PartHealth]) -> list[str]:
    """Return the short names of the parts that do not answer."""
    return [one.name for one in parts if not one.answers]


def _part(name: str, is_up: bool) -> PartHealth:  # noqa: FBT001 - a finding, not a switch
    title, purpose = _ABOUT.get(name, (name, ""))
    return PartHealth(name=name, title=title, purpose=purpose, answers=is_up)


def _records_answer(house: House) -> bool:
    try:
        return answers(house.engine)
    except SQLAlchemyError:
        return False
