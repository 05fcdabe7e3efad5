"""Owns the lists of persons that a receipt keeps: written whole once, then only who came and who went, until those are many.

A list is a file of internal numbers (column `number`, each once), beside it a file of those who went from it and one of those
who came. The whole file is linked from receipt to receipt, so that keeping a list costs what changed. Must never change a file
of the receipt before, nor hold a pseudonym.
"""

from dataclasses import asdict, dataclass
from pathlib import Path

from tre.data.engine.duck import Connection, count_of, literal, name

MOST_SHARE = 1 / 8
"""Of a list's whole file: when more came and went since it was written, it is written anew."""
_OPTIONS = "FORMAT parquet, COMPRESSION uncompressed"
_CAME, _WENT = "came to list", "went from list"


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Who came to a list and who went from it since the receipt before: SELECTs with a column `number`, each person once.

    Whoever came was not on it; whoever went was.
    """

    came: str
    went: str


Now = Turn | str
"""What a list is now: a turn, or a SELECT of all who are on it."""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """How many persons a list has: in its whole file, and those who came and went since."""

    whole: int
    came: int = 0
    went: int = 0

    @property
    def persons(self) -> int:
        """On the list."""
        return self.whole + self.came - self.went


@dataclass(frozen=True, kw_only=True)
class Roster:
    """A list that is kept in `folder`."""

    folder: Path
    name: str
    sizes: Sizes

    @property
    def relation(self) -> str:
        """The relation of the persons on it (column `number`)."""
        whole = _read(self._file())
        less = f" w ANTI JOIN {_read(self._file(_WENT))} l USING (number)" if self.sizes.went else ""
        more = f" UNION ALL SELECT number FROM {_read(self._file(_CAME))}" if self.sizes.came else ""
        return f"(SELECT number FROM {whole}{less}{more})" if less or more else whole

    def keep(self, engine: Connection, turn: Turn, folder: Path) -> Sizes:
        """Keep the list as it is after a turn in another folder; return its sizes."""
        came, went = self._laid(engine, turn)
        if came + went > MOST_SHARE * self.sizes.whole:
            everyone = (
                f"SELECT number FROM {self.relation} ANTI JOIN ({turn.went}) USING (number) UNION ALL ({turn.came})"
            )
            return keep_whole(engine, self.name, everyone, folder)
        sizes = Sizes(whole=self.sizes.whole, came=came, went=went)
        _file(folder, self.name).hardlink_to(self._file())
        for kind, count in ((_CAME, came), (_WENT, went)):
            if count:
                engine.execute(f"COPY {name(kind)} TO {literal(_file(folder, self.name, kind))} ({_OPTIONS})")
        return sizes

    def _laid(self, engine: Connection, turn: Turn) -> tuple[int, int]:
        """Lay who came and who went since the whole file was written; return how many."""
        counts = []
        for kind, other, by, against in ((_CAME, _WENT, turn.came, turn.went), (_WENT, _CAME, turn.went, turn.came)):
            before, undone = (self._since(one) for one in (kind, other))
            engine.execute(
                f"CREATE OR REPLACE TEMP TABLE {name(kind)} AS SELECT number FROM {before} ANTI JOIN ({against}) USING (number) "
                f"UNION ALL SELECT number FROM ({by}) ANTI JOIN {undone} USING (number)"
            )
            counts.append(count_of(engine, name(kind)))
        return counts[0], counts[1]

    def _since(self, kind: str) -> str:
        there = self.sizes.came if kind == _CAME else self.sizes.went
        return _read(self._file(kind)) if there else "(SELECT 0::BIGINT AS number WHERE false)"

    def _file(self, kind: str = "") -> Path:
        return _file(self.folder, self.name, kind)


def keep_whole(engine: Connection, roster: str, everyone: str, folder: Path) -> Sizes:
    """Keep a list, of the SELECT `everyone`, in one whole file; return its sizes."""
    into = literal(_file(folder, roster))
    row = engine.execute(f"COPY ({everyone}) TO {into} ({_OPTIONS})").fetchone()
    return Sizes(whole=int(row[0]) if row else 0)


def keep_roster(engine: Connection, roster: str, now: Now, *, before: Roster | None, folder: Path) -> dict[str, int]:
    """Keep a list in `folder`; return its sizes as a receipt says them.

    Args:
        before: as the receipt before has it; needed where `now` is a turn.
    """
    if isinstance(now, str):
        return asdict(keep_whole(engine, roster, now, folder))
    if before is None:
        raise ValueError(f"a turn of {roster}, of which no list is known")
    return asdict(before.keep(engine, now, folder))


def _file(folder: Path, roster: str, kind: str = "") -> Path:
    return folder / (f"{roster}.{kind}.parquet" if kind else f"{roster}.parquet")


def _read(path: Path) -> str:
    return f"read_parquet({literal(path)})"
