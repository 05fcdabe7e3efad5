"""Owns the asking for release: which files, and how it stands. Must never decide whether they may leave."""

import html
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tre.errors import NoSuchFile
from tre.session_api import ask, form

if TYPE_CHECKING:
    import pandas as pd

WORKSPACE = Path("/workspace")
# Names travel in a header and are shown to the checkers: letters, digits and a few signs, in folders of the same.
NAME = re.compile(r"[\w .,()+=@/-]+")


@dataclass(frozen=True)
class ReleaseRequest:
    """A request as it was taken in: the files were copied at that moment, and later edits change nothing.

    Args:
        request_id: its number.
        state: where it stands.
        url: its page, to be opened outside of the workspace.
        findings: what the automatic checks noticed, to be looked at before the checkers do.
    """

    request_id: str
    state: str
    url: str
    findings: list[dict[str, Any]] = field(default_factory=list)

    def __repr__(self) -> str:
        """Say it in a few lines."""
        lines = [f"Release request {self.request_id}: {self.state}", f"Follow it at {self.url}"]
        lines += [f"- {_worded(finding)}" for finding in self.findings] or ["No findings by the automatic checks."]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        findings = "".join(f"<li>{html.escape(_worded(finding))}</li>" for finding in self.findings)
        noticed = f"<ul>{findings}</ul>" if findings else "<p>No findings by the automatic checks.</p>"
        return (
            f"<p>Release request <b>{html.escape(self.request_id)}</b>: {html.escape(self.state)}</p>"
            f"{noticed}<p>Follow it at {html.escape(self.url)}</p>"
        )


def request_release(
    files: str | Path | Sequence[str | Path], *, title: str, context: str, request_id: str = ""
) -> ReleaseRequest:
    """Ask that `files` be released; they are copied now, and two output checkers will look at the copies.

    Args:
        files: one or several files of the workspace, CSV and PNG among the kinds that can be checked.
        title: what they are, in a few words.
        context: what a checker must know: which persons, which method, what was suppressed.
        request_id: a request that came back to you or was blocked: these files become its next version.

    Returns:
        The request, with what the automatic checks noticed.

    Raises:
        NoSuchFile: a file is not there, is a folder, or lies outside of the workspace.
        NotAccepted: the request was refused; the message says why and what to do.
        SessionEnded: the session is over: open the workspace again.
    """
    chosen = [files] if isinstance(files, str | Path) else list(files)
    fields = {"title": title, "context": context} | ({"request_id": request_id} if request_id else {})
    body, content_type = form(fields, [_named(Path(file)) for file in chosen])
    answer = ask("POST", "/v1/release-requests", body=body, content_type=content_type)
    return ReleaseRequest(
        request_id=answer["request_id"], state=answer["state"], url=answer["url"], findings=answer.get("findings", [])
    )


def status() -> "pd.DataFrame":
    """Return one row for each release request of this project: its number, title, state and whose turn it is."""
    import pandas as pd

    kept = ("request_id", "title", "state", "whose_turn")
    listed = ask("GET", "/v1/release-requests")
    return pd.DataFrame([{key: entry.get(key, "") for key in kept} for entry in listed], columns=list(kept))


def _named(file: Path) -> tuple[str, Path]:
    """Return the name under which `file` is shown, its path within the workspace, and where it is."""
    workspace = Path(os.environ.get("TRE_WORKSPACE", WORKSPACE)).resolve()
    path = file.resolve()
    if not path.is_file():
        raise NoSuchFile(f"There is no file {file}.")
    if not path.is_relative_to(workspace):
        raise NoSuchFile(f"{file} is not in the workspace: save a copy there first.")
    name = path.relative_to(workspace).as_posix()
    if not NAME.fullmatch(name):
        raise NoSuchFile(f"Rename {file}: letters, digits, spaces and . , ( ) + = @ - _ can be shown to a checker.")
    return name, path


def _worded(finding: dict[str, Any]) -> str:
    """Return one finding in words: file, how heavy, what it is, what to do about it."""
    head = ", ".join(str(finding[key]) for key in ("file", "severity") if finding.get(key))
    said = " ".join(str(finding[key]) for key in ("sentence", "remedy") if finding.get(key))
    return f"{head}: {said}" if head else said
