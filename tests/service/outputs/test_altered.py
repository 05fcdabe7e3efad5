"""A file that changes on the shelf is noticed wherever it is touched, and stops its request."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from output_checking.presenters import RequestView
from output_checking.service.counting import release_counts
from output_checking.service.releasing import download_file, download_release
from output_checking.service.reviewing import vote
from output_checking.service.viewing import view_file, view_request
from tests.fixtures.outputs import Outputs
from tre.kernel.errors import Altered, NotPermitted
from tre.plumbing.audit_table import AuditRow


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
    assert (after.state, after.turn, after.manifest) == ("blocked", "admin", None)
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


def test_the_same_bytes_cannot_be_handed_in_over_altered_ones(outputs: Outputs) -> None:
    request = outputs.submit()
    _alter(_path(outputs, request))
    with pytest.raises(Altered):
        outputs.submit()
