"""The API says what the pages say, through the same services."""

import io
import zipfile

from tests.fixtures.outputs_web import TABLE, OutputsPortal
from tests.house.portal import Visitor

ROOT = "/api/v1/release-requests"


def _post(browser: Visitor, path: str, sent: dict[str, object]) -> tuple[int, dict[str, object]]:
    browser.get("/health") if browser.token else browser.get("/outputs")
    browser.get("/outputs")
    answer = browser.client.post(path, json=sent, headers={"X-CSRF-Token": browser.token})
    return answer.status_code, answer.json()


def test_from_the_queue_to_the_release(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit()
    path = f"{ROOT}/{request.request_id}"
    for checker in ("cara", "dev"):
        browser = outputs_portal.browse(checker)
        assert [one["request_id"] for one in browser.get(f"{ROOT}/queue").json()["free"]] == [request.request_id]
        seen = browser.get(path).json()
        assert seen["rounds"][0]["files"][0]["findings"][0]["rule"] == "small_counts.under_threshold"
        assert browser.get(f"{path}/files/{request.present.files[0].file_id}").content == TABLE
        status, told = _post(
            browser, f"{path}/votes", {"view": "approve", "comment": "Fine.", "version": seen["version"]}
        )
        assert status == 200
    assert told["state"] == "released"
    amina = outputs_portal.browse("amina")
    assert [one["state"] for one in amina.get(ROOT).json()] == ["released"]
    archive = zipfile.ZipFile(io.BytesIO(amina.get(f"{path}/release").content))
    assert archive.read("files/means.csv") == TABLE
    assert amina.get(f"{path}/manifest").json()["request"] == request.request_id
    assert amina.get(f"{path}/release/{request.present.files[0].file_id}").content == TABLE


def test_errors_have_a_code_a_sentence_and_the_fields(outputs_portal: OutputsPortal) -> None:
    request = outputs_portal.submit()
    path = f"{ROOT}/{request.request_id}"
    cara, esme = outputs_portal.browse("cara"), outputs_portal.browse("esme")
    status, told = _post(cara, f"{path}/votes", {"view": "maybe", "version": request.version})
    assert (status, list(told["fields"])) == (422, ["view"])  # type: ignore[call-overload]
    assert (
        _post(cara, f"{path}/votes", {"view": "approve", "comment": "x", "version": 99})[1]["code"]
        == "outputs.request.stale"
    )
    assert _post(cara, f"{path}/votes", {"view": "approve", "version": "many"})[0] == 422
    status, told = _post(esme, f"{path}/votes", {"view": "approve", "comment": "x", "version": request.version})
    assert (status, told["code"]) == (403, "outputs.review.own_project")
    assert _post(esme, f"{path}/withdraw", {"version": request.version})[0] == 403
    assert cara.client.post(f"{path}/votes", json={"view": "approve", "version": 1}).status_code == 403
    status, told = _post(outputs_portal.browse("amina"), f"{path}/withdraw", {"version": request.version})
    assert (status, told["state"]) == (200, "withdrawn")
    assert outputs_portal.browse("").get(path).status_code == 401
