"""Who gets to a page at all: sign-in, forged forms, other hosts and origins, faults of ours."""

import logging
from datetime import timedelta

import pytest
from fastapi import APIRouter

from tests.fixtures.portal import Browse
from tests.house.portal import Portal
from tre.kernel.clock import SetClock
from tre.people.service.terms import current_terms

AGREED = {"terms_version": current_terms().version, "agreed": "yes"}


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_back(browse: Browse) -> None:
    answer = browse("").get("/people?words=a%26b")
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/login?next=/people%3Fwords%3Da%2526b")


def test_a_form_sent_after_the_session_ended(browse: Browse, clock: SetClock) -> None:
    amina = browse("amina")
    amina.get("/standing/terms")
    clock.move(timedelta(hours=2))
    page = amina.post("/standing/terms", AGREED)
    assert page.status_code == 401
    assert "Sign in" in page.text


@pytest.mark.parametrize("token", ["", "x", "0" * 32])
def test_a_form_without_our_token(browse: Browse, token: str) -> None:
    amina = browse("amina")
    amina.get("/standing/terms")
    page = amina.client.post("/standing/terms", data={**AGREED, "csrf": token})
    assert page.status_code == 403
    assert "too old or was not opened here" in page.text


@pytest.mark.parametrize(
    ("came_from", "back"),
    [
        ("{origin}/standing/terms?x=1", "/standing/terms?x=1"),
        ("{origin}/auth/logout", ""),
        ("{origin}//evil.example/standing", ""),
        ("http://evil.example/standing/terms", ""),
        ("", ""),
    ],
)
def test_an_expired_form_is_called_so_and_leads_back_to_its_page(
    portal: Portal, browse: Browse, came_from: str, back: str
) -> None:
    amina = browse("amina")
    amina.get("/standing/terms")
    headers = {"Referer": came_from.format(origin=portal.origin)}
    page = amina.client.post("/standing/terms", data={**AGREED, "csrf": "x"}, headers=headers).text
    assert "This form has expired" in page
    assert (f'<a href="{back}">Go back to the page as it is now</a>' in page) is bool(back)
    assert ("Go back to the page as it is now" in page) is bool(back)
    assert "evil.example" not in page


def test_the_token_of_another_browser(browse: Browse) -> None:
    amina, ben = browse("amina"), browse("ben")
    ben.get("/standing/terms")
    amina.get("/standing/terms")
    assert amina.client.post("/standing/terms", data={**AGREED, "csrf": ben.token}).status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://amina.localhost:8000", "http://127.0.0.1:1"])
def test_our_token_from_another_origin(browse: Browse, origin: str) -> None:
    amina = browse("amina")
    amina.get("/standing/terms")
    assert amina.post("/standing/terms", AGREED, headers={"origin": origin}).status_code == 403


def test_our_token_from_our_own_page(browse: Browse, portal: Portal) -> None:
    amina = browse("ben")
    amina.get("/standing/terms")
    answer = amina.post("/standing/terms", AGREED, headers={"origin": portal.origin})
    assert answer.status_code == 409, "the factory's persons have signed already"


@pytest.mark.parametrize("host", ["evil.example", "amina.localhost", "localhost"])
def test_another_host(browse: Browse, host: str) -> None:
    assert browse("").get("/", headers={"host": host}).status_code == 400


def test_every_answer_carries_the_headers(browse: Browse, portal: Portal) -> None:
    visitor = browse("amina")
    for path in ("/", "/standing", "/nothing-here", "/healthz", "/assets/tre.css"):
        headers = visitor.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert portal.house.config.oidc_issuer in policy
        assert portal.house.config.hub_origin in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
    assert visitor.get("/standing").headers["cache-control"] == "no-store"


def test_the_cookie_is_not_for_scripts_and_holds_no_name(browse: Browse) -> None:
    answer = browse("farah").post("/people/ben/roles", {"role": "auditor"})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "farah" not in cookie


def test_a_fault_of_ours_is_calm_and_tells_nothing(
    portal: Portal, browse: Browse, caplog: pytest.LogCaptureFixture
) -> None:
    router = APIRouter()

    @router.get("/boom")
    def boom() -> None:
        raise RuntimeError("NHS number 999 000 0000")

    portal.app.include_router(router)
    with caplog.at_level(logging.ERROR):
        page = browse("amina").get("/boom")
    assert page.status_code == 500
    assert "999 000" not in page.text + caplog.text
    assert "RuntimeError" not in page.text
    reference = page.text.split('tre-reference">')[1].split("<")[0]
    assert f"fault {reference}: RuntimeError" in caplog.text


def test_the_api_answers_in_json(browse: Browse) -> None:
    answer = browse("").get("/api/v1/me")
    assert answer.status_code == 401
    assert answer.json()["code"] == "people.not_signed_in"
    missing = browse("").get("/api/v1/nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "web.http_404")
