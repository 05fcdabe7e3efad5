"""Owns which columns of the catalogue a person sees while choosing: by words, grouped by table and topic. Must never choose."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

# Anything with a name, a meaning and a topic; the catalogue's own classes live above the domain.
from typing import Protocol


class ColumnLike(Protocol):
    """A column as the catalogue has it."""

    @property
    def name(self) -> str:
        """Name in the data."""
        ...

    @property
    def meaning(self) -> str:
        """What it holds."""
        ...

    @property
    def topic(self) -> str:
        """What it is about; empty where the dataset has no topics."""
        ...


@dataclass(frozen=True, kw_only=True)
class Group:
    """Columns of one topic: those that match the words, how many there are in all, how many are chosen."""

    topic: str
    columns: tuple[ColumnLike, ...]
    total: int
    chosen: int


def matches(column: ColumnLike, words: str) -> bool:
    """Say whether every word of `words` is in the column's name, meaning or topic, whatever its case."""
    text = f"{column.name} {column.meaning} {column.topic}".casefold()
    return all(word in text for word in words.casefold().split())


def groups(columns: Iterable[ColumnLike], *, words: str, chosen: Collection[str]) -> tuple[Group, ...]:
    """Return the columns by topic, in the catalogue's order; topics without a match are left out."""
    by_topic: dict[str, list[ColumnLike]] = {}
    for column in columns:
        by_topic.setdefault(column.topic, []).append(column)
    made = (_group(topic, found, words=words, chosen=chosen) for topic, found in by_topic.items())
    return tuple(one for one in made if one.columns)


def _group(topic: str, found: list[ColumnLike], *, words: str, chosen: Collection[str]) -> Group:
    return Group(
        topic=topic,
        columns=tuple(one for one in found if matches(one, words)),
        total=len(found),
        chosen=sum(one.name in chosen for one in found),
    )
