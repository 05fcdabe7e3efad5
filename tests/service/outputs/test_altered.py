"""A file that changes on the shelf is noticed wherever it is touched, and stops its request."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from output_checking.presenters import RequestView
from output_checking.service.counting import blocked_requests, release_counts, releases_of
from output_checking.service.listing import to_be_answered
from output_checking.service.releasing import download_file, download_release
from output_checking.service.reviewing import vote
from output_checking.service.submitting import submit_again, withdraw_request
from output_checking.service.viewing import view_file, view_request
from tests.factories.outputs import uploads
from tests.fixtures.outputs import Outputs
from tre.kernel.errors import Altered, NotPermitted
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.unit_of_work import Context

SAFE = b"age_band,n,mean\n20-29,120,118.2\n30-39,97,121.4\n"


def _path(outputs: Outputs, request: RequestView) -> Path:
    sha256 = request.present.files[0].sha256
    return outputs.desk.shelf.root / sha256[:2] / sha256


def _alter(path: Path) -> None:
    path.chmod(0o640)
    path.write_bytes(path.read_bytes().replace(b"97", b"98"))


def _remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [_alter, _remove])
def test_the_second_approval_of_an_altered_file_blocks_instead_of_releasing(
    outputs: Outputs, sessions: sessionmaker[Session], harm: Callable[[Path], None]
) -> None:
    request = outputs.submit()
    outputs.vote(outputs.cara, request.request_id)
    seen = view_request(outputs.dev, outputs.desk, request.request_id)
    harm(_path(outputs, request))
    with pytest.raises(Altered, match="not what was submitted"):
        vote(outputs.dev, outputs.desk, request.request_id, view="approve", comment="", version=seen.version)
    after = view_request(outputs.amina, outputs.desk, request.request_id)
    assert (after.state, after.turn, after.manifest) == ("blocked", "researcher", None)
    assert len(after.present.votes) == 0
    with sessions() as session:
        told = session.query(AuditRow).filter(AuditRow.name == "outputs.request.blocked").one()
        assert request.present.files[0].file_id in told.detail
    with pytest.raises(NotPermitted) as refused:
        vote(outputs.dev, outputs.desk, request.request_id, view="approve", comment="", version=after.version)
    assert set(refused.value.reasons) == {"outputs.file.altered", "outputs.request.not_in_review"}


def test_opening_the_file_notices_it(outputs: Outputs) -> None:
    request = outputs.submit()
    _alter(_path(outputs, request))
    with pytest.raises(Altered):
        view_file(outputs.cara, outputs.desk, request.request_id, request.present.files[0].file_id)
    assert view_request(outputs.cara, outputs.desk, request.request_id).state == "blocked"


def test_opening_the_request_notices_it_and_shows_it(outputs: Outputs) -> None:
    request = outputs.submit()
    _alter(_path(outputs, request))
    assert view_request(outputs.cara, outputs.desk, request.request_id).state == "blocked"


def test_a_released_file_that_is_altered_is_not_handed_out(outputs: Outputs) -> None:
    released = outputs.released()
    _alter(_path(outputs, released))
    with pytest.raises(Altered):
        download_file(outputs.amina, outputs.desk, released.request_id, released.present.files[0].file_id)
    with pytest.raises(NotPermitted):
        download_release(outputs.amina, outputs.desk, released.request_id)
    with outputs.reading() as unit:
        assert release_counts(unit) == {}


def _blocked(outputs: Outputs) -> RequestView:
    request = outputs.submit()
    outputs.vote(outputs.cara, request.request_id)
    _alter(_path(outputs, request))
    return view_request(outputs.amina, outputs.desk, request.request_id)


def test_a_blocked_request_is_handed_in_anew_and_released(outputs: Outputs, sessions: sessionmaker[Session]) -> None:
    blocked = _blocked(outputs)
    assert (blocked.state, blocked.turn, blocked.why_not_submit_again) == ("blocked", "researcher", ())
    assert to_be_answered(outputs.amina) == 1
    anew = _again(outputs, blocked)
    assert (anew.state, anew.turn, anew.present.number) == ("submitted", "output checkers", 2)
    assert to_be_answered(outputs.amina) == blocked_requests(outputs.amina) == 0
    assert (anew.present.votes, anew.rounds[1].outcome) == ((), "block")
    for checker in (outputs.cara, outputs.dev):
        released = outputs.vote(checker, blocked.request_id)
    assert released.state == "released"
    assert (
        download_file(outputs.amina, outputs.desk, blocked.request_id, released.present.files[0].file_id).body == SAFE
    )
    with sessions() as session:
        names = [row.name for row in session.query(AuditRow).order_by(AuditRow.number)]
    assert names.index("outputs.request.blocked") < names.index("outputs.request.reopened")
    assert "outputs.file.set_aside" in names


def test_what_was_altered_is_kept_as_evidence(outputs: Outputs) -> None:
    blocked = _blocked(outputs)
    changed = _path(outputs, blocked).read_bytes()
    _again(outputs, blocked)
    (kept,) = (outputs.desk.shelf.root / "altered").iterdir()
    assert kept.name.startswith(blocked.present.files[0].sha256)
    assert kept.read_bytes() == changed != SAFE


def test_only_the_requester_hands_it_in_anew_or_takes_it_back(outputs: Outputs) -> None:
    blocked = _blocked(outputs)
    for other in (outputs.esme, outputs.cara, outputs.farah):
        with pytest.raises(NotPermitted):
            _again(outputs, blocked, by=other)
        with pytest.raises(NotPermitted):
            withdraw_request(other, outputs.desk, blocked.request_id, version=blocked.version)
    taken = withdraw_request(outputs.amina, outputs.desk, blocked.request_id, version=blocked.version)
    assert (taken.state, taken.turn) == ("withdrawn", "nobody")


def test_a_release_that_was_blocked_is_released_anew_and_counts_once(outputs: Outputs) -> None:
    released = outputs.released()
    _alter(_path(outputs, released))
    blocked = view_request(outputs.amina, outputs.desk, released.request_id)
    assert blocked.manifest is not None
    anew = _again(outputs, blocked)
    assert (anew.manifest, anew.rounds[1].outcome) == (None, "release")
    with outputs.reading() as unit:
        assert release_counts(unit) == {}
    for checker in (outputs.cara, outputs.dev):
        again = outputs.vote(checker, released.request_id)
    assert again.manifest is not None
    assert again.manifest["round"] == 2
    with outputs.reading() as unit:
        assert release_counts(unit) == {"p-aaaaaa": 1}
        assert len(releases_of(unit, "p-aaaaaa")) == 1


def test_the_same_bytes_heal_the_shelf_for_a_new_request_and_that_is_recorded(
    outputs: Outputs, sessions: sessionmaker[Session]
) -> None:
    request = outputs.submit()
    _alter(_path(outputs, request))
    assert outputs.submit().state == "submitted"
    assert view_file(outputs.cara, outputs.desk, request.request_id, request.present.files[0].file_id).body == SAFE
    with sessions() as session:
        assert session.query(AuditRow).filter(AuditRow.name == "outputs.file.set_aside").count() == 1


def _again(outputs: Outputs, request: RequestView, *, by: Context | None = None) -> RequestView:
    return submit_again(
        by or outputs.amina,
        outputs.desk,
        request.request_id,
        title=request.title,
        context="The same bytes.",
        uploads=uploads(result_csv=SAFE),
    )
