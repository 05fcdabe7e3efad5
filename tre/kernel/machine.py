"""Owns state tables as data: which move exists from which state, and whose turn a state is. Must never say who may move."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tre.kernel.errors import IllegalMove


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A table of moves.

    Args:
        noun: what it is the state of, in the field's words (`release request`).
        first: the state that a new one is in.
        moves: (state, move) to the next state.
        turn: state to whose turn it is, every state listed (`nobody` for the last ones).
    """

    noun: str
    first: str
    moves: Mapping[tuple[str, str], str]
    turn: Mapping[str, str]

    @property
    def states(self) -> frozenset[str]:
        """All states that can be reached or left."""
        return frozenset({self.first, *(state for state, _ in self.moves), *self.moves.values()})

    def after(self, state: str, move: str) -> str:
        """Return the state after `move`; raise `IllegalMove`, naming what could be done instead."""
        try:
            return self.moves[state, move]
        except KeyError:
            raise IllegalMove(self._no_such_move(state, move), code=f"{_code(self.noun)}.illegal_move") from None

    def may_move(self, state: str, move: str) -> bool:
        """Say whether the move exists (not whether anyone may make it)."""
        return (state, move) in self.moves

    def moves_from(self, state: str) -> tuple[str, ...]:
        """Return the moves that exist from `state`, in the table's order."""
        return tuple(move for one, move in self.moves if one == state)

    def _no_such_move(self, state: str, move: str) -> str:
        others = ", ".join(words(one) for one in self.moves_from(state))
        rest = f"From here it can only: {others}." if others else "Nothing more can be done with it."
        return f"This {self.noun} is {words(state)}, so it cannot {words(move)}. {rest}"


def words(name: str) -> str:
    """Return a state's or move's name as words."""
    return name.replace("_", " ")


def mermaid(machine: Machine) -> str:
    """Return the table as a Mermaid state diagram: the page in docs/ is made of this, never drawn by hand."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.first}"]
    lines += [f"    {state} --> {then}: {words(move)}" for (state, move), then in machine.moves.items()]
    lines += [f"    {state} --> [*]" for state in _last(machine)]
    return "\n".join(lines) + "\n"


def _last(machine: Machine) -> Iterable[str]:
    return sorted(state for state in machine.states if not machine.moves_from(state))


def _code(noun: str) -> str:
    return noun.replace(" ", "_")
