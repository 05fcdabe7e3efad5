"""The API: the same services as the pages, errors as JSON, the token in a header."""

from tests.factories.certificates import PDF, SCRIPT
from tests.fixtures.portal import Browse
from tests.house.portal import Visitor

TRAINING = {"course": "Safe", "issuer": "Institute", "completed_on": "2026-01-05", "expires_on": "2029-01-05"}


def header(visitor: Visitor) -> dict[str, str]:
    return {"x-csrf-token": visitor.get("/api/v1/me").json()["csrf_token"]}


def test_me(browse: Browse) -> None:
    found = browse("amina").get("/api/v1/me").json()
    assert (found["person_id"], found["roles"]) == ("amina", ["researcher"])
    assert [one["state"] for one in found["standing"]] == ["in_order", "in_order", "in_order"]


def test_training(browse: Browse) -> None:
    amina = browse("amina")
    made = amina.client.post(
        "/api/v1/standing/training", data=TRAINING, files={"certificate": ("c", PDF)}, headers=header(amina)
    )
    assert made.status_code == 201, made.text
    refused = amina.client.post(
        "/api/v1/standing/training", data=TRAINING, files={"certificate": ("c", SCRIPT)}, headers=header(amina)
    )
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["certificate"])


def test_an_unsafe_request_needs_the_header(browse: Browse) -> None:
    farah = browse("farah")
    answer = farah.client.post("/api/v1/people/ben/roles", json={"role": "auditor"})
    assert (answer.status_code, answer.json()["code"]) == (403, "web.form.not_ours")
    assert (
        farah.client.post("/api/v1/people/ben/roles", json={"role": "auditor"}, headers=header(farah)).status_code
        == 204
    )
    assert farah.client.delete("/api/v1/people/ben/roles/auditor", headers=header(farah)).status_code == 204


def test_refusals_tell_reasons_and_sentences(browse: Browse) -> None:
    answer = browse("amina").get("/api/v1/people")
    assert answer.status_code == 403
    assert answer.json()["reasons"] == ["people.role.auditor_needed"]
    assert answer.json()["sentence"].endswith(".")


def test_malformed_requests(browse: Browse) -> None:
    farah = browse("farah")
    for content in (b"{", b"[]", b'{"role": 1}', b'{"role": "' + b"x" * 100 + b'"}'):
        answer = farah.client.post(
            "/api/v1/people/ben/roles", content=content, headers={**header(farah), "content-type": "application/json"}
        )
        assert answer.status_code in {400, 422}, answer.text
        assert answer.json()["sentence"]
    large = farah.client.post("/api/v1/people/ben/roles", content=b'"' + b"x" * 2_000_000, headers=header(farah))
    assert large.status_code == 413
    assert farah.get("/api/v1/audit?page=0").status_code == 422
    assert farah.get("/api/v1/audit?since=yesterday").json()["fields"].keys() == {"since"}


def test_record(browse: Browse) -> None:
    farah = browse("farah")
    found = farah.get("/api/v1/audit", params={"event": "people.session."}).json()
    assert found["rows"][0]["person_id"] == "farah"
    verdict = farah.client.post("/api/v1/audit/verify", headers=header(farah)).json()
    assert verdict["ok"] is True


def test_openapi_names_every_route(browse: Browse) -> None:
    described = browse("").get("/api/v1/openapi.json").json()
    assert {"/api/v1/me", "/api/v1/audit", "/api/v1/people/{person_id}/roles"} <= set(described["paths"])
