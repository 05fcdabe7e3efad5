"""What was released: its manifest, and how a member with the right to it gets the bytes."""

import io
import json
import zipfile
from collections import Counter
from typing import Any

from output_checking.presenters import Download
from output_checking.service.cases import Case, act_on_case
from output_checking.service.desk import OutputsDesk
from output_checking.service.presenting import release_of
from output_checking.tables import FileRow, ReleaseRow
from tre.kernel.authz import Action, Decision
from tre.kernel.errors import NotFound
from tre.kernel.ids import new_id
from tre.plumbing.audit_table import moment
from tre.plumbing.unit_of_work import Context, Unit

MANIFEST = "manifest.json"
# never a type that a browser would open by itself
BYTES = "application/octet-stream"
MANIFEST_SCHEMA = "release-manifest 1"
# a zip member has no time zone and no second of its own: one fixed moment makes the same release the same archive
_ZIP_TIME = (2000, 1, 1, 0, 0, 0)


def release(unit: Unit, desk: OutputsDesk, case: Case, *, decision: Decision) -> ReleaseRow:
    """Make the release of a request whose round is complete, in the caller's transaction; every file was hashed in it."""
    row = ReleaseRow(
        id=new_id("rel", length=8),
        request_id=case.row.id,
        project_id=case.row.project_id,
        round=case.row.round,
        released_at=unit.now,
        files=len(case.round.files),
        manifest={},
    )
    row.manifest = _manifest(unit, desk, case, release=row, decision=decision)
    unit.session.add(row)
    return row


def download_file(ctx: Context, desk: OutputsDesk, request_id: str, file_id: str) -> Download:
    """Return the bytes of one released file, hashed as they were read.

    Raises:
        NotPermitted: no right to it, not released, project suspended.
        NotFound: no such request or file.
        Altered: the file is not what was released; the request is blocked.
    """

    def read(unit: Unit, case: Case) -> Download:
        _require_right(unit, case)
        file = _released_file(case, file_id)
        body = desk.shelf.read(file.sha256)
        _record(unit, case, files=[file])
        return Download(name=file.name, media_type=BYTES, body=body, sha256=file.sha256)

    return act_on_case(ctx, desk, request_id, read)


def download_release(ctx: Context, desk: OutputsDesk, request_id: str) -> Download:
    """Return a zip archive of all released files and the manifest; errors as for `download_file`."""

    def read(unit: Unit, case: Case) -> Download:
        _require_right(unit, case)
        bodies = {f"files/{one.name}": desk.shelf.read(one.sha256) for one in case.round.files}
        bodies[MANIFEST] = manifest_text(_row(unit, case).manifest).encode()
        _record(unit, case, files=case.round.files)
        return Download(name=f"{case.row.id}.zip", media_type="application/zip", body=_archive(bodies), sha256="")

    return act_on_case(ctx, desk, request_id, read)


def download_manifest(ctx: Context, desk: OutputsDesk, request_id: str) -> Download:
    """Return the manifest of a release: hashes, decisions, rules and thresholds; errors as for `download_file`."""

    def read(unit: Unit, case: Case) -> Download:
        _require_right(unit, case)
        body = manifest_text(_row(unit, case).manifest).encode()
        _record(unit, case, files=[])
        return Download(name=f"{case.row.id}-{MANIFEST}", media_type="application/json", body=body, sha256="")

    return act_on_case(ctx, desk, request_id, read)


def manifest_text(manifest: dict[str, Any]) -> str:
    """Return the manifest as text, the same each time."""
    return json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _require_right(unit: Unit, case: Case) -> None:
    unit.check(Action.OUTPUTS_RELEASE_DOWNLOAD, case.facts)


def _released_file(case: Case, file_id: str) -> FileRow:
    # of the released version only: what an earlier one held was sent back, and stays inside
    for file in case.round.files:
        if file.id == file_id:
            return file
    raise NotFound("There is no such file in this release.", code="outputs.file.not_found")


def _record(unit: Unit, case: Case, *, files: list[FileRow]) -> None:
    detail = {"files": [one.id for one in files], "sha256": [one.sha256 for one in files]}
    unit.record("outputs.release.downloaded", subject=case.row.id, project=case.row.project_id, detail=detail)


def _row(unit: Unit, case: Case) -> ReleaseRow:
    return unit.session.scalars(release_of(case.row)).one()


def _manifest(unit: Unit, desk: OutputsDesk, case: Case, *, release: ReleaseRow, decision: Decision) -> dict[str, Any]:
    names = desk.people.names_of(unit, [one.person_id for one in case.round.votes])
    return {
        "schema": MANIFEST_SCHEMA,
        "release": release.id,
        "request": case.row.id,
        "round": case.row.round,
        "title": case.row.title,
        "project": {
            "id": case.project.project_id,
            "title": case.project.title,
            "organisations": list(case.project.organisations),
        },
        "requested_by": case.row.requester_id,
        "requested_at": moment(case.round.submitted_at),
        "released_at": moment(unit.now),
        "files": [_file(one) for one in case.round.files],
        "decisions": [
            {"person": one.person_id, "name": names.get(one.person_id, ""), "view": one.view, "at": moment(one.at)}
            for one in case.round.votes
        ],
        "rules": {
            "rule_set": case.round.rule_set,
            "risk_threshold": case.round.threshold,
            "approvals_needed": unit.config.approvals_needed,
            "policy_revision": decision.revision,
        },
    }


def _file(row: FileRow) -> dict[str, Any]:
    findings = Counter(one.severity for one in row.findings)
    return {
        "name": row.name,
        "kind": row.kind,
        "bytes": row.size,
        "sha256": row.sha256,
        "findings": {severity: findings[severity] for severity in ("block", "warn", "note")},
    }


def _archive(bodies: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        for name, body in bodies.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=_ZIP_TIME), body, compress_type=zipfile.ZIP_DEFLATED)
    return out.getvalue()
