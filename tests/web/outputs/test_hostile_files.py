"""A file is not a page: whatever a researcher writes into one, it neither acts on the portal's origin nor is opened there."""

import pytest

from output_checking.service.submitting import submit_request
from tests.factories.outputs import png, upload
from tests.fixtures.outputs_web import OutputsPortal

SCRIPT = "<script>fetch('/checking')</script>"
QUOTES = '"><img src=x onerror=alert(1)>'


def _texts(portal: OutputsPortal, body: bytes, name: str = "a.csv") -> list[str]:
    request = portal.submit(**{name.replace(".", "_"): body})
    file_id = request.present.files[0].file_id
    paths = {
        "cara": f"/checking/{request.request_id}",
        "amina": f"/outputs/{request.request_id}",
        "dev": f"/outputs/{request.request_id}/files/{file_id}",
    }
    return [portal.browse(person).get(path).text for person, path in paths.items()]


@pytest.mark.parametrize(
    "body", [f"band,{SCRIPT}\n{QUOTES},3\n", f"a {SCRIPT}\n{QUOTES}\n", f'{SCRIPT},n\n"{QUOTES}\n']
)
def test_what_stands_in_cells_lines_and_headers_is_text(outputs_portal: OutputsPortal, body: str) -> None:
    for page in _texts(outputs_portal, body.encode()):
        assert SCRIPT not in page
        assert "<img src=x" not in page


def test_what_stands_in_title_context_comment_and_name_is_text(outputs_portal: OutputsPortal) -> None:
    ctx = outputs_portal.as_person("amina")
    given = [upload("a'b&c{{7+7}}.txt", b"Nothing.")]
    request = submit_request(
        ctx,
        outputs_portal.desk,
        project_id=outputs_portal.project_id,
        title=SCRIPT,
        context=f"{SCRIPT}{QUOTES}",
        uploads=given,
    )
    outputs_portal.vote(request.request_id, "changes", comment=f"{SCRIPT}{QUOTES}")
    for person in ("amina", "cara"):
        for path in ("/outputs", "/checking", f"/outputs/{request.request_id}", f"/checking/{request.request_id}"):
            page = outputs_portal.browse(person).get(path).text
            assert SCRIPT not in page
            assert "<img src=x" not in page
            assert "a'b&c{{7+7}}.txt" not in page
    page = outputs_portal.browse("cara").get(f"/outputs/{request.request_id}").text
    assert "a&#39;b&amp;c{{7+7}}.txt" in page


def test_a_picture_is_served_inert_and_only_if_its_bytes_are_one(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit(
        plot_png=png(), fake_png=b"<svg onload=alert(1) xmlns='http://www.w3.org/2000/svg'/>", a_csv=b"n\n20\n30\n"
    )
    ids = {one.name: one.file_id for one in request.present.files}
    cara = outputs_portal.browse("cara")
    answer = cara.get(f"/outputs/{request.request_id}/files/{ids['plot.png']}/picture")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, png(), "image/png")
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    for name in ("fake.png", "a.csv"):
        assert cara.get(f"/outputs/{request.request_id}/files/{ids[name]}/picture").status_code == 404
    assert "cannot be shown" in cara.get(f"/checking/{request.request_id}?file={ids['fake.png']}").text


def test_files_under_review_and_released_are_bytes_to_be_saved(outputs_portal: OutputsPortal) -> None:
    ctx = outputs_portal.as_person("amina")
    given = [upload("folder/Ä \u2603 table;1.txt", f"a {SCRIPT}".encode())]
    request = submit_request(
        ctx, outputs_portal.desk, project_id=outputs_portal.project_id, title="A", context="B", uploads=given
    )
    file_id = request.present.files[0].file_id
    cara = outputs_portal.browse("cara")
    under_review = cara.get(f"/api/v1/release-requests/{request.request_id}/files/{file_id}")
    outputs_portal.vote(request.request_id)
    released = outputs_portal.browse("amina").get(f"/outputs/{request.request_id}/released/{file_id}")
    for answer in (under_review, released):
        assert answer.headers["content-type"] == "application/octet-stream"
        assert (
            answer.headers["content-disposition"]
            == "attachment; filename=\"_ _ table;1.txt\"; filename*=UTF-8''%C3%84%20%E2%98%83%20table%3B1.txt"
        )
        assert answer.headers["content-security-policy"].startswith("sandbox")
        assert answer.headers["cache-control"] == "no-store"
