"""Owns a stand-in for the hub in service tests; tests/service/sessions/test_hub_client.py holds it equal to the real one."""

from collections.abc import Collection
from dataclasses import dataclass, field

from tre.kernel.errors import NotPermitted, Unavailable
from tre.kernel.plan import MountPlan, open_sealed
from tre.sessions.hub import Hub, HubRefused, Server


@dataclass
class HubFake(Hub):
    """Keeps servers by (person, project).

    Args:
        key: the plan's key: a start without a plan that it sealed is refused, as by the spawner.
        is_slow: servers stay pending until the test calls `answer`.
        is_gone: nothing answers.
    """

    key: bytes
    now: float
    is_slow: bool = False
    is_gone: bool = False
    known: set[str] = field(default_factory=set)
    out: frozenset[str] = frozenset()
    running: dict[tuple[str, str], Server] = field(default_factory=dict)
    plans: list[MountPlan] = field(default_factory=list)

    def make_known(self, person_id: str) -> None:
        """Remember the person."""
        self._answer()
        self.known.add(person_id)

    def shut_out(self, persons: Collection[str]) -> None:
        """Remember who is shut out."""
        self._answer()
        self.out = frozenset(persons)

    def start(self, person_id: str, project_id: str, *, sealed_plan: str) -> None:
        """Start a server for a sealed plan."""
        self._answer()
        if person_id not in self.known:
            raise HubRefused("No such person.")
        if (person_id, project_id) in self.running:
            raise HubRefused(f"{person_id}/{project_id} is already running")
        try:
            self.plans.append(open_sealed(sealed_plan, self.key, now=self.now))
        except NotPermitted as error:
            raise HubRefused(error.sentence) from error
        ready = not self.is_slow
        self.running[person_id, project_id] = Server(
            person_id=person_id, project_id=project_id, is_ready=ready, pending="" if ready else "spawn"
        )

    def stop(self, person_id: str, project_id: str) -> None:
        """Forget the server."""
        self._answer()
        self.running.pop((person_id, project_id), None)

    def server(self, person_id: str, project_id: str) -> Server | None:
        """Return the server."""
        self._answer()
        return self.running.get((person_id, project_id))

    def servers(self) -> tuple[Server, ...]:
        """Return all servers."""
        self._answer()
        return tuple(self.running.values())

    def answer(self) -> None:
        """Let every pending server come up."""
        for whose in self.running:
            self.running[whose] = Server(person_id=whose[0], project_id=whose[1], is_ready=True)

    def _answer(self) -> None:
        if self.is_gone:
            raise Unavailable("The hub does not answer.", code="sessions.hub.no_answer")
