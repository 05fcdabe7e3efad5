"""Owns what was found when the chain of the record was checked. Must never read the records."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The result of checking the whole chain.

    Args:
        rows: rows that hold, from the first on.
        first_bad: number of the first row that does not hold; None when all do.
        why: what is wrong with it; empty when all hold.
    """

    rows: int
    first_bad: int | None = None
    why: str = ""

    @property
    def ok(self) -> bool:
        """Say whether the whole record holds."""
        return self.first_bad is None

    @property
    def sentence(self) -> str:
        """The verdict in words, for page and command line."""
        if self.ok:
            return f"The record is whole: {self.rows:,} rows, each linked to the one before."
        return f"The record does not hold at row {self.first_bad}: {self.why} The {self.rows:,} rows before it hold."
