"""Owns the parts that the services of this room are handed beside the context. Must never build them: bootstrap does."""

from dataclasses import dataclass

from output_checking.ports import People, Projects
from output_checking.shelf import Shelf

MOST_BYTES_OF_A_FILE = 16 * 1024**2


@dataclass(frozen=True, kw_only=True)
class OutputsDesk:
    """The shelf and the doors to the other rooms."""

    shelf: Shelf
    projects: Projects
    people: People
