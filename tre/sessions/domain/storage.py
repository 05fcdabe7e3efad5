"""Owns how much a workspace may hold: when its person is warned, and when it is too much. Must never measure.

A start is not refused for it: only in the workspace can files be removed. What is refused is handing in for release, and a
session that goes on growing is stopped.
"""

from dataclasses import dataclass
from datetime import datetime

NEARLY_FULL = 0.8
GROWTH = (
    1.1  # how far beyond the bound, or beyond what it held at its start, a session may still grow before it is stopped
)


@dataclass(frozen=True, kw_only=True)
class Storage:
    """What a workspace holds, as last measured, and what it may hold.

    Args:
        bytes, files: now.
        first_bytes, first_files: when its session was first measured.
        most_bytes, most_files: the bound.
        at: when it was measured.
    """

    bytes: int
    files: int
    first_bytes: int
    first_files: int
    most_bytes: int
    most_files: int
    at: datetime

    @property
    def share(self) -> float:
        """The larger of the two shares of the bound; 1.0 is full."""
        return max(self.bytes / self.most_bytes, self.files / self.most_files)

    @property
    def state(self) -> str:
        """`in_order`, `nearly_full` or `too_full`."""
        if self.share > 1:
            return "too_full"
        return "nearly_full" if self.share >= NEARLY_FULL else "in_order"

    @property
    def is_growing_beyond(self) -> bool:
        """Say whether the session has to be stopped: far over the bound, and more than it held at its start."""
        return self.bytes > GROWTH * max(self.most_bytes, self.first_bytes) or self.files > GROWTH * max(
            self.most_files, self.first_files
        )

    @property
    def sentence(self) -> str:
        """What it holds, in words, and what to do where it is too much."""
        holds = f"It holds {_size(self.bytes)} in {self.files:,} files, of at most {_size(self.most_bytes)} in {self.most_files:,}."
        return (
            holds
            + {
                "in_order": "",
                "nearly_full": " Remove what you no longer need: when it is full, nothing can be handed in for release.",
                "too_full": " Open it and remove what you no longer need: until then nothing can be handed in for release, and a workspace that goes on growing is stopped.",
            }[self.state]
        )


def _size(count: int) -> str:
    for unit, one in (("GB", 10**9), ("MB", 10**6)):
        if count >= one:
            return f"{count / one:.1f} {unit}"
    return f"{count / 1000:.0f} kB"
