"""Owns the list of pieces: what each is called, what it waits for, how it is made. Must never run one itself."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from infra.setup import node_parts, policy_server, python_environments, web_parts
from infra.setup.paths import Places
from infra.setup.workshop import Workshop

Make = Callable[[Workshop, Places, Path], str]


@dataclass(frozen=True)
class Piece:
    """One folder that set-up makes.

    `make(workshop, places, folder)` fills `folder`, a temporary name beside `place`, and returns how, in a few words;
    the folder gets its own name only when it is whole.
    """

    name: str
    place: Path
    needs: tuple[str, ...]
    make: Make

    def is_made(self) -> bool:
        """Whether the piece is there and whole."""
        return self.place.is_dir()


def pieces(places: Places, *, tests: bool) -> list[Piece]:
    """The pieces in the order in which they are told; those for tests last, and only when asked for."""
    made = [
        Piece("package installer", places.uv, (), python_environments.make_uv),
        Piece("policy server", places.policy_server, ("package installer",), policy_server.make),
        Piece("service environment", places.service, ("package installer",), python_environments.make_service),
        Piece("notebook environment", places.notebook, ("service environment",), python_environments.make_notebook),
        Piece("Node parts", places.node_parts, ("service environment",), node_parts.make),
        Piece("page styles", places.web, ("service environment", "Node parts"), web_parts.make),
    ]
    if tests:
        made.append(Piece("test environment", places.test, ("service environment",), python_environments.make_test))
    return made
