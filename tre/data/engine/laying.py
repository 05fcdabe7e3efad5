"""Owns what the writing of one table of a snapshot needs. Must never run a statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tre.data.engine.duck import Connection
from tre.data.engine.ranking import Ranked
from tre.data.engine.words import Words


@dataclass(frozen=True, kw_only=True)
class Laying:
    """What the writing of one table needs.

    Args:
        folder: of the table's files.
        scratch: where rows wait.
        namespace: of its persons; empty where the table is about nobody.
        label: in front of the number in each file's name.
        words: of its columns with few texts (from `words.words_of`).
        ranked: its persons, where their ranks are in memory; None where the engine's table `persons` has them.
    """

    engine: Connection
    folder: Path
    scratch: Path
    namespace: str
    label: str = ""
    words: Mapping[str, Words] = field(default_factory=dict)
    ranked: Ranked | None = None
