"""From submission to the released bytes, on the real gate and both databases."""

import hashlib
import io
import json
import zipfile

from sqlalchemy.orm import Session, sessionmaker

from output_checking.service.counting import release_counts, releases_of
from output_checking.service.releasing import download_file, download_manifest, download_release
from output_checking.service.viewing import view_file
from tests.factories.outputs import png
from tests.fixtures.outputs import Outputs
from tre.plumbing.audit_table import AuditRow

TABLE = b"age_band,n,mean\n20-29,120,118.2\n30-39,7,121.4\n"


def test_submitted_files_get_findings_and_wait_for_checkers(outputs: Outputs) -> None:
    request = outputs.submit(result_csv=TABLE, plot_png=png())
    assert (request.state, request.turn) == ("submitted", "output checkers")
    table, picture = request.present.files
    assert [(one.rule, one.row, one.column) for one in table.findings] == [("small_counts.under_threshold", 2, "n")]
    assert (picture.kind, picture.findings) == ("png", ())


def test_two_different_checkers_release_and_the_bytes_are_identical(outputs: Outputs) -> None:
    request = outputs.submit(result_csv=TABLE, plot_png=png())
    for checker in (outputs.cara, outputs.dev):
        for file in request.present.files:
            assert view_file(checker, outputs.desk, request.request_id, file.file_id).body in (TABLE, png())
    after_one = outputs.vote(outputs.cara, request.request_id, comment="Seven in a large town.")
    assert after_one.state == "in_review"
    after_two = outputs.vote(outputs.dev, request.request_id, comment="As agreed.")
    assert (after_two.state, after_two.turn) == ("released", "nobody")
    got = download_file(outputs.amina, outputs.desk, request.request_id, request.present.files[0].file_id)
    assert (got.body, got.sha256) == (TABLE, hashlib.sha256(TABLE).hexdigest())


def test_the_archive_holds_the_files_and_a_manifest_of_hashes_decisions_and_rules(outputs: Outputs) -> None:
    released = outputs.released(result_csv=TABLE)
    archive = zipfile.ZipFile(io.BytesIO(download_release(outputs.amina, outputs.desk, released.request_id).body))
    assert archive.read("files/result.csv") == TABLE
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["files"][0]["sha256"] == hashlib.sha256(TABLE).hexdigest()
    assert manifest["files"][0]["findings"] == {"block": 0, "warn": 1, "note": 0}
    assert [(one["person"], one["view"]) for one in manifest["decisions"]] == [("cara", "approve"), ("dev", "approve")]
    rules = manifest["rules"]
    assert rules["policy_revision"]
    assert (rules["risk_threshold"], rules["approvals_needed"], rules["rule_set"]) == (10, 2, "outputs 1")
    alone = download_manifest(outputs.amina, outputs.desk, released.request_id)
    assert json.loads(alone.body) == manifest


def test_the_register_can_count_releases(outputs: Outputs) -> None:
    outputs.submit()
    released = outputs.released()
    with outputs.reading() as unit:
        assert release_counts(unit) == {"p-aaaaaa": 1}
        (one,) = releases_of(unit, "p-aaaaaa")
        assert (one.request_id, one.files) == (released.request_id, 1)


def test_every_step_stands_in_the_record_with_its_decision(outputs: Outputs, sessions: sessionmaker[Session]) -> None:
    request = outputs.submit()
    outputs.vote(outputs.cara, request.request_id)
    outputs.vote(outputs.dev, request.request_id)
    download_release(outputs.amina, outputs.desk, request.request_id)
    with sessions() as session:
        rows = session.query(AuditRow).order_by(AuditRow.number).all()
    told = [(row.name, row.person_id) for row in rows if row.name != "outputs.request.viewed"]
    assert told == [
        ("outputs.request.submitted", "amina"),
        ("outputs.file.viewed", "cara"),
        ("outputs.review.voted", "cara"),
        ("outputs.file.viewed", "dev"),
        ("outputs.review.voted", "dev"),
        ("outputs.request.released", "dev"),
        ("outputs.release.downloaded", "amina"),
    ]
    assert all(json.loads(row.decision)["allowed"] for row in rows)
    assert all(row.project_id == "p-aaaaaa" for row in rows)
