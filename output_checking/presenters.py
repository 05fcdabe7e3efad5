"""Owns what pages and API are given of a release request: plain frozen values. Must never hold a row or a rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """One finding; fields as in domain/checks/files/finding.py."""

    severity: str
    rule: str
    sentence: str
    remedy: str
    row: int | None
    column: str
    figures: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class FileView:
    """One file of a round.

    Args:
        kind: csv, tsv, text, markdown, png, jpeg, notebook, markup, unknown.
        worst: the heaviest severity among the findings, empty where there are none.
        is_opened: True when the reader has opened it.
        is_altered: True when its bytes on the shelf are not what was handed in; known of the present version alone.
    """

    file_id: str
    name: str
    kind: str
    size: int
    sha256: str
    findings: tuple[FindingView, ...]
    worst: str
    is_opened: bool
    is_altered: bool = False


@dataclass(frozen=True, kw_only=True)
class VoteView:
    """One checker's view, as far as the reader may see it."""

    person_id: str
    name: str
    view: str
    comment: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RoundView:
    """One version: what was handed in and what came of it.

    Args:
        are_words_told: False where the researcher's words may not be read yet: then `context` is empty and the files are numbered.
    """

    number: int
    context: str
    submitted_at: datetime
    submitted_by: str
    closed_at: datetime | None
    outcome: str
    rule_set: str
    threshold: int
    are_words_told: bool
    files: tuple[FileView, ...]
    votes: tuple[VoteView, ...]


@dataclass(frozen=True, kw_only=True)
class RequestView:
    """A release request as one person may see it.

    Args:
        title: the researcher's; the request's number where it may not be read yet, and `are_words_told` is False.
        turn: whose turn it is, in words.
        rounds: newest first; the first is the one under review.
        why_not_look: sentences against looking at the files; empty when it would be allowed. So for the next four.
        why_not_approve: what in the files speaks against any approval, in sentences.
        needs_reason: True when an approval needs a reason, because there are warnings.
        has_voted: the reader has given a view in the present round.
        is_disputed: the checkers so far disagree, so that one more is asked.
        earlier_releases: how many releases of the project stand, this one left out.
        manifest: of the release, where there is one.
    """

    request_id: str
    project_id: str
    project_title: str
    organisations: tuple[str, ...]
    requester_id: str
    requester: str
    title: str
    are_words_told: bool
    state: str
    turn: str
    version: int
    submitted_at: datetime
    changed_at: datetime
    rounds: tuple[RoundView, ...]
    why_not_look: tuple[str, ...]
    why_not_vote: tuple[str, ...]
    why_not_withdraw: tuple[str, ...]
    why_not_submit_again: tuple[str, ...]
    why_not_download: tuple[str, ...]
    why_not_approve: tuple[str, ...]
    needs_reason: bool
    has_voted: bool
    is_disputed: bool
    earlier_releases: int
    manifest: Mapping[str, Any] | None

    @property
    def present(self) -> RoundView:
        """The version under review, or the last there was."""
        return self.rounds[0]


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A line in a list of requests.

    Args:
        title: the researcher's; the request's number where it may not be read yet.
        kinds: kind of file to how many.
        findings: severity to how many, in the present round.
        waiting_since: when the present version was handed in.
        opened: how many of the files the reader has opened.
        why_not_vote: sentences; empty when the reader may vote.
    """

    request_id: str
    project_id: str
    project_title: str
    title: str
    state: str
    turn: str
    round: int
    submitted_at: datetime
    changed_at: datetime
    waiting_since: datetime
    kinds: Mapping[str, int]
    findings: Mapping[str, int]
    opened: int
    has_voted: bool
    why_not_vote: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What waits for checkers, as one of them sees it; each oldest first."""

    mine: tuple[Summary, ...]
    free: tuple[Summary, ...]
    waiting: tuple[Summary, ...]
    barred: tuple[Summary, ...]


@dataclass(frozen=True, kw_only=True)
class Content:
    """A file's bytes, read from the shelf and found unaltered."""

    file: FileView
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Download:
    """Released bytes with a name to save them under."""

    name: str
    media_type: str
    body: bytes
    sha256: str
