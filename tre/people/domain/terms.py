"""Owns what the terms of use are: a version, a hash and the blocks of their text. Must never read a file."""

import hashlib
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Block:
    """One piece of a text: `heading`, `text` or `list`, with its lines (one for a heading or a text)."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Terms:
    """The terms of use in one version.

    Args:
        version: as in the file's name, `2026-11`.
        text: the whole text, as it was signed.
    """

    version: str
    text: str

    @cached_property
    def sha256(self) -> str:
        """Hash of the text: a signature says which words were signed."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The text in blocks for the page: `## ` begins a heading, `- ` a list, an empty line ends a block."""
        return tuple(_block(chunk.splitlines()) for chunk in self.text.strip().split("\n\n"))


def _block(lines: list[str]) -> Block:
    if lines[0].startswith("## "):
        return Block("heading", (lines[0][3:],))
    if lines[0].startswith("- "):
        return Block("list", tuple(line[2:] for line in lines))
    return Block("text", (" ".join(lines),))
