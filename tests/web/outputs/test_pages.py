"""The pages of outputs and checking, as people find them."""

import io
import json
import re
import zipfile

import pytest

from tests.factories.outputs import png, text_chunk
from tests.fixtures.outputs_web import TABLE, OutputsPortal
from tre.plumbing.forms import LONGEST_FIELD


def version_on(page: str) -> str:
    """The version that a page's form carries."""
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_the_list_shows_state_turn_and_findings_and_tells_how_to_make_a_request(outputs_portal: OutputsPortal) -> None:
    amina = outputs_portal.browse("amina")
    assert "Your release requests will be listed here" in amina.get("/outputs").text
    request = outputs_portal.submit()
    page = amina.get(f"/outputs?project={outputs_portal.project_id}").text
    assert f"/outputs/{request.request_id}" in page
    assert "1 warning" in page
    assert "Output checkers" in page
    assert "tre.request_release" in page
    assert "No request fits this choice" in amina.get("/outputs?state=released").text


def test_the_request_shows_whose_turn_the_finding_and_its_remedy(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit()
    page = outputs_portal.browse("amina").get(f"/outputs/{request.request_id}").text
    assert "Output checkers" in page
    assert "A cell that looks like a count is under the threshold of 10 persons." in page
    assert "Row 3: A cell" in page
    assert "What to do:" in page
    assert "Withdraw this request" in page
    assert "Download all files" not in page


def test_the_file_is_shown_as_it_is_with_the_flagged_cell_marked_by_a_word(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit()
    file_id = request.present.files[0].file_id
    for path in (f"/outputs/{request.request_id}/files/{file_id}", f"/checking/{request.request_id}"):
        page = outputs_portal.browse("cara").get(path).text
        assert re.search(r'<td class="tre-flag tre-flag--warn">7 <span class="tre-flag__word">Warning', page)
        assert "<td>812</td>" in page


def test_members_see_the_findings_but_no_file_from_outside_before_it_is_released(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit(means_csv=TABLE, plot_png=png())
    amina = outputs_portal.browse("amina")
    for file in request.present.files:
        paths = [
            f"/outputs/{request.request_id}/files/{file.file_id}",
            f"/api/v1/release-requests/{request.request_id}/files/{file.file_id}",
        ]
        assert [amina.get(path).status_code for path in paths] == [403, 403]
        assert paths[0] not in amina.get(f"/outputs/{request.request_id}").text
    page = outputs_portal.browse("esme").get(f"/checking/{request.request_id}").text
    assert "<td>812</td>" not in page
    assert "You cannot look at this file here." in page
    outputs_portal.vote(request.request_id)
    assert "<td>812</td>" in amina.get(f"/outputs/{request.request_id}/files/{request.present.files[0].file_id}").text


def test_two_checkers_release_it_from_the_page_and_the_download_is_identical(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit(means_csv=TABLE, plot_png=png())
    for checker, said in (("cara", "Another checker"), ("dev", "the files are released")):
        browser = outputs_portal.browse(checker)
        page = browser.get(f"/checking/{request.request_id}").text
        form = {"view": "approve", "comment": "Seven of thousands.", "version": version_on(page)}
        told = browser.post(f"/checking/{request.request_id}/vote", form)
        assert (told.status_code, "Not opened yet: &#39;plot.png&#39;" in told.text) == (422, True)
        browser.get(f"/outputs/{request.request_id}/files/{request.present.files[1].file_id}/picture")
        answer = browser.post(f"/checking/{request.request_id}/vote", form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/checking")
        assert said in browser.get("/checking").text
    amina = outputs_portal.browse("amina")
    page = amina.get(f"/outputs/{request.request_id}").text
    assert "Download all files" in page
    assert "Seven of thousands." in page
    archive = zipfile.ZipFile(io.BytesIO(amina.get(f"/outputs/{request.request_id}/release.zip").content))
    assert (archive.read("files/means.csv"), archive.read("files/plot.png")) == (TABLE, png())
    alone = amina.get(f"/outputs/{request.request_id}/released/{request.present.files[0].file_id}")
    assert alone.content == TABLE
    assert alone.headers["x-content-sha256"] == request.present.files[0].sha256
    assert json.loads(amina.get(f"/outputs/{request.request_id}/manifest.json").text)["decisions"][1]["person"] == "dev"


def test_the_queue_sorts_and_a_member_sees_why_not(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit()
    page = outputs_portal.browse("cara").get("/checking").text
    assert 'Free to take <span class="tre-quiet">(1)' in page
    esme = outputs_portal.browse("esme")
    assert "Leave it to another output checker" in esme.get("/checking").text
    page = esme.get(f"/checking/{request.request_id}").text
    assert "You are a member of this project, so you cannot check its outputs." in page
    assert "Give your view</button>" not in page
    refused = esme.post(
        f"/checking/{request.request_id}/vote", {"view": "approve", "comment": "x", "version": str(request.version)}
    )
    assert refused.status_code == 403


def test_a_colleagues_view_is_not_on_the_page_before_ones_own(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit()
    outputs_portal.vote(request.request_id, "refuse", by=["cara"], comment="Differencing with June.")
    for person in ("dev", "amina"):
        for path in (
            f"/checking/{request.request_id}",
            f"/outputs/{request.request_id}",
            "/checking",
            f"/api/v1/release-requests/{request.request_id}",
        ):
            answer = outputs_portal.browse(person).get(path).text
            assert "Differencing with June" not in answer
            assert "Refuses" not in answer
    assert "Differencing with June" in outputs_portal.browse("cara").get(f"/checking/{request.request_id}").text


def test_a_form_with_faults_comes_back_with_what_was_typed(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit()
    cara = outputs_portal.browse("cara")
    path = f"/checking/{request.request_id}"
    version = version_on(cara.get(path).text)
    answer = cara.post(f"{path}/vote", {"view": "approve", "comment": "", "version": version})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "There are warnings: write why" in answer.text
    assert re.search(r'value="approve" checked', answer.text)
    assert cara.post(f"{path}/vote", {"comment": "Hm.", "version": version}).status_code == 422
    for stale in ({"version": "99"}, {"version": "x"}, {}):
        told = cara.post(f"{path}/vote", {"view": "approve", "comment": "Yes.", **stale})
        assert told.status_code == 409
        assert "has changed since you opened it" in told.text
    long = cara.post(f"{path}/vote", {"view": "approve", "comment": "x" * (LONGEST_FIELD + 1), "version": version})
    assert long.status_code == 422


def test_a_second_view_of_the_same_checker_is_refused(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit()
    outputs_portal.vote(request.request_id, by=["cara"])
    cara = outputs_portal.browse("cara")
    assert "You have voted on this release request already" in cara.get(f"/checking/{request.request_id}").text
    form = {"view": "approve", "comment": "Again.", "version": str(request.version)}
    assert cara.post(f"/checking/{request.request_id}/vote", form).status_code == 403


def test_blocking_findings_leave_no_approval_to_choose(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit(notes_txt=b"943 476 5919 was here")
    page = outputs_portal.browse("cara").get(f"/checking/{request.request_id}").text
    assert "has a finding that blocks release" in page
    assert 'value="approve"' not in page
    assert 'value="changes"' in page


def test_a_returned_request_tells_how_to_go_on(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit()
    outputs_portal.vote(request.request_id, "changes", comment="Merge the bands.")
    page = outputs_portal.browse("amina").get(f"/outputs/{request.request_id}").text
    assert "Your turn" in page
    assert "Merge the bands." in page
    assert f'request_id="{request.request_id}"' in page


def test_withdrawing_needs_the_version_looked_at(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit()
    amina = outputs_portal.browse("amina")
    page = amina.get(f"/outputs/{request.request_id}").text
    assert amina.post(f"/outputs/{request.request_id}/withdraw", {"version": "7"}).status_code == 409
    assert amina.post(f"/outputs/{request.request_id}/withdraw", {"version": version_on(page)}).status_code == 303
    assert "Withdrawn" in amina.get(f"/outputs/{request.request_id}").text


def test_strangers_see_nothing(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit()
    file_id = request.present.files[0].file_id
    paths = [f"/outputs/{request.request_id}", f"/checking/{request.request_id}", f"/outputs/{request.request_id}/files/{file_id}", f"/outputs/{request.request_id}/files/{file_id}/picture", f"/outputs/{request.request_id}/release.zip", f"/outputs/{request.request_id}/manifest.json", f"/api/v1/release-requests/{request.request_id}"]  # fmt: skip
    for path in paths:
        assert outputs_portal.browse("ben").get(path).status_code == 403, path
        assert outputs_portal.browse("").get(path).status_code in (303, 401), path
    assert outputs_portal.browse("amina").get("/outputs/r-none").status_code == 404


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "99999999999"])
def test_odd_page_numbers_show_a_page(outputs_portal: OutputsPortal, page: str) -> None:
    body = b"band,mean\n" + b"x,1.5\n" * 250
    request = outputs_portal.submit(long_csv=body)
    file_id = request.present.files[0].file_id
    cara = outputs_portal.browse("cara")
    assert cara.get(f"/checking/{request.request_id}?file={file_id}&page={page}").status_code == 200
    assert 'id="row-201"' in cara.get(f"/checking/{request.request_id}?row=201").text
    assert cara.get(f"/checking/{request.request_id}?file=f-none&row={page}").status_code == 200


def test_an_altered_file_is_told_on_the_page_and_stops_the_request(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit(a_csv=TABLE, b_png=png(text_chunk("Software", "Plot")))
    sha256 = request.present.files[0].sha256
    path = outputs_portal.desk.shelf.root / sha256[:2] / sha256
    path.chmod(0o640)
    path.write_bytes(b"other")
    cara = outputs_portal.browse("cara")
    page = cara.get(f"/checking/{request.request_id}")
    assert page.status_code == 200
    assert "Blocked" in page.text
    assert "A file on the shelf is not what was submitted" in page.text
    form = {"view": "approve", "comment": "Yes.", "version": str(request.version)}
    assert cara.post(f"/checking/{request.request_id}/vote", form).status_code == 403
    assert "Blocked" in outputs_portal.browse("amina").get(f"/outputs/{request.request_id}").text
