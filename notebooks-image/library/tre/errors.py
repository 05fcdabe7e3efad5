"""Owns what can go wrong in the library, each with a sentence that tells the researcher what to do."""

from collections.abc import Mapping


class WorkspaceError(Exception):
    """Root of the library's errors."""


class NoSuchTable(WorkspaceError):
    """The project's snapshot has no such table."""


class NoSuchFile(WorkspaceError):
    """There is no such file in the workspace."""


class NotJudged(WorkspaceError):
    """The disclosure checks have no answer: the sentence says why."""


class SessionEnded(WorkspaceError):
    """The session's token is no longer accepted."""


class NotAnswering(WorkspaceError):
    """The session API did not answer."""


class NotAccepted(WorkspaceError):
    """The session API refused.

    Args:
        sentence: why, and what to do.
        code: reason code.
        fields: for each field that cannot be accepted, its sentence.
    """

    def __init__(self, sentence: str, *, code: str = "", fields: Mapping[str, str] | None = None) -> None:
        self.code, self.fields = code, dict(fields or {})
        details = "".join(f"\n  {field}: {text}" for field, text in self.fields.items())
        super().__init__(f"{sentence}{details}")
