"""Who gets released bytes, and when."""

from collections.abc import Callable

import pytest

from output_checking.presenters import Download
from output_checking.service.desk import OutputsDesk
from output_checking.service.releasing import download_file, download_manifest, download_release
from output_checking.service.submitting import submit_again
from output_checking.service.viewing import view_file
from tests.factories.outputs import png, uploads
from tests.fakes.outputs_ports import project
from tests.fixtures.outputs import Outputs
from tre.kernel.errors import NotFound, NotPermitted
from tre.plumbing.unit_of_work import Context

Get = Callable[[Context, OutputsDesk, str], Download]


@pytest.mark.parametrize("get", [download_release, download_manifest])
def test_only_a_member_with_the_right_and_only_after_release(outputs: Outputs, get: Get) -> None:
    waiting = outputs.submit()
    with pytest.raises(NotPermitted) as refused:
        get(outputs.amina, outputs.desk, waiting.request_id)
    assert refused.value.reasons == ("outputs.request.not_released",)
    released = outputs.released()
    for other in (outputs.esme, outputs.cara, outputs.ben, outputs.farah):
        with pytest.raises(NotPermitted) as refused:
            get(other, outputs.desk, released.request_id)
        assert refused.value.reasons == ("outputs.release.no_right",)
    assert get(outputs.amina, outputs.desk, released.request_id).body


def test_a_suspended_project_gets_nothing(outputs: Outputs) -> None:
    released = outputs.released()
    outputs.projects.put(project(state="suspended"))
    with pytest.raises(NotPermitted) as refused:
        download_release(outputs.amina, outputs.desk, released.request_id)
    assert refused.value.reasons == ("projects.project.suspended",)


def test_a_file_of_another_request_is_not_found(outputs: Outputs) -> None:
    one, other = outputs.released(), outputs.released()
    with pytest.raises(NotFound):
        download_file(outputs.amina, outputs.desk, one.request_id, other.present.files[0].file_id)


def test_a_file_of_a_returned_version_stays_inside_when_a_later_one_is_released(outputs: Outputs) -> None:
    request = outputs.submit(a_csv=b"n\n3\n4\n")
    for checker in (outputs.cara, outputs.dev):
        outputs.vote(checker, request.request_id, "changes", comment="Too small.")
    submit_again(
        outputs.amina, outputs.desk, request.request_id, title="A", context="B", uploads=uploads(a_csv=b"n\n30\n40\n")
    )
    for checker in (outputs.cara, outputs.dev):
        outputs.vote(checker, request.request_id)
    returned = request.present.files[0].file_id
    with pytest.raises(NotFound):
        download_file(outputs.amina, outputs.desk, request.request_id, returned)
    with pytest.raises(NotPermitted):
        view_file(outputs.amina, outputs.desk, request.request_id, returned)
    assert view_file(outputs.cara, outputs.desk, request.request_id, returned).body == b"n\n3\n4\n"


def test_what_is_released_is_handed_out_as_bytes_to_be_saved(outputs: Outputs) -> None:
    released = outputs.released(a_csv=b"n\n30\n40\n", b_png=png())
    for one in released.present.files:
        got = download_file(outputs.amina, outputs.desk, released.request_id, one.file_id)
        assert got.media_type == "application/octet-stream"
