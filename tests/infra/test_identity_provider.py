"""The demo identity provider: what it tells the portal, whom it answers, where it refuses to run."""

import http.client
import json
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from infra.setup.paths import CHECKOUT
from tests.house.demo_provider import CALLBACK, PORTAL, TIMEOUT, Provider, SignIn, form_value, told

pytestmark = pytest.mark.real
PERSONS: list[dict[str, Any]] = json.loads((CHECKOUT / "infra/idp/persons.json").read_text())


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """A running provider."""
    running = Provider().start()
    yield running
    running.stop()


@pytest.fixture
def sign_in(provider: Provider) -> SignIn:
    """A browser that nobody has signed in with."""
    return SignIn(provider)


def test_discovery_names_its_own_address_only(provider: Provider) -> None:
    found = requests.get(f"{provider.issuer}/.well-known/openid-configuration", timeout=TIMEOUT).json()
    assert found["issuer"] == provider.issuer
    assert {
        value.startswith(provider.issuer) for name, value in found.items() if name.endswith(("_endpoint", "_uri"))
    } == {True}
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["id_token_signing_alg_values_supported"] == ["RS256"]
    assert set(found["response_types_supported"]) == {"code"}


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost:{port}", "127.0.0.1", "127.0.0.1:{port}.evil.example", "127.0.0.2:{port}", ""]
)
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/auth", "/healthz"])
def test_another_host_is_not_answered(provider: Provider, host: str, path: str) -> None:
    status, body = _raw(provider, path, {"Host": host.format(port=provider.port)})
    assert status in (400, 421)
    assert b"evil" not in body


def test_forwarded_headers_change_nothing(provider: Provider) -> None:
    forged = {
        "Host": f"127.0.0.1:{provider.port}",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "Forwarded": "host=evil.example",
    }
    status, body = _raw(provider, "/.well-known/openid-configuration", forged)
    assert (status, json.loads(body)["issuer"]) == (200, provider.issuer)


def _raw(provider: Provider, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", provider.port, timeout=TIMEOUT)
    connection.putrequest("GET", path, skip_host=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def test_pkce_is_required(sign_in: SignIn) -> None:
    answer = sign_in.browser.get(
        sign_in.asking(code_challenge="", code_challenge_method=""), allow_redirects=False, timeout=TIMEOUT
    )
    assert (told(answer)["error"], "PKCE" in told(answer)["error_description"]) == ("invalid_request", True)
    plain = sign_in.browser.get(
        sign_in.asking(code_challenge=sign_in.verifier, code_challenge_method="plain"),
        allow_redirects=False,
        timeout=TIMEOUT,
    )
    assert told(plain)["error"] == "invalid_request"


def test_a_person_with_two_factors(sign_in: SignIn) -> None:
    claims = sign_in.claims_of("amina")
    assert claims | {"sub": "amina", "name": "Amina Okafor", "acr": "urn:tre:mfa", "amr": ["pwd", "otp", "mfa"], "aud": "portal",
                     "iss": sign_in.provider.issuer, "nonce": sign_in.nonce, "email": "amina@demo.invalid"} == claims  # fmt: skip
    assert isinstance(claims["auth_time"], int)
    assert not {"roles", "groups", "role"} & set(claims), "roles live in the TRE's own records"


def test_the_person_with_one_factor_is_told_apart(sign_in: SignIn) -> None:
    claims = sign_in.claims_of("ivan")
    assert (claims["sub"], claims["acr"], claims["amr"]) == ("ivan", "urn:tre:pwd", ["pwd"])


def test_after_one_factor_another_person_can_be_chosen(sign_in: SignIn) -> None:
    sign_in.claims_of("ivan")
    page = sign_in.open()
    assert "Choose who you are" in page.text
    code = sign_in.choose(page, "amina")["code"]
    assert sign_in.exchange(code).status_code == 200


def test_the_second_client_is_not_asked_again(sign_in: SignIn) -> None:
    sign_in.claims_of("amina")
    answer = sign_in.open(client_id="jupyterhub", redirect_uri="http://localhost:9/workspaces/hub/oauth_callback")
    assert answer.headers["Location"].startswith("http://localhost:9/workspaces/hub/oauth_callback?code=")


def test_a_code_works_once_with_its_verifier_and_secret(sign_in: SignIn) -> None:
    code = sign_in.choose(sign_in.open(), "amina")["code"]
    assert sign_in.exchange(code, code_verifier="x" * 64).status_code == 400
    code = sign_in.choose(sign_in.open(prompt="login"), "amina")["code"]
    stranger = requests.post(f"{sign_in.provider.issuer}/token", data={"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK,
                             "code_verifier": sign_in.verifier}, auth=("portal", "wrong" * 10), timeout=TIMEOUT)  # fmt: skip
    assert stranger.status_code == 401
    assert sign_in.exchange(code).status_code == 200
    assert sign_in.exchange(code).status_code == 400


@pytest.mark.parametrize(
    "redirect", ["http://evil.example/", f"{PORTAL}/other", f"{CALLBACK}/../x", "http://127.0.0.1:10/auth/callback"]
)
def test_a_code_goes_to_the_registered_address_only(sign_in: SignIn, redirect: str) -> None:
    answer = sign_in.browser.get(sign_in.asking(redirect_uri=redirect), allow_redirects=False, timeout=TIMEOUT)
    assert (answer.status_code, "Location" in answer.headers) == (400, False)
    assert '<html lang="en">' in answer.text


def test_the_page_shows_every_person_and_nothing_from_elsewhere(sign_in: SignIn) -> None:
    page = sign_in.open()
    assert page.status_code == 200
    for person in PERSONS:
        assert all(
            text.replace("'", "&#39;") in page.text for text in (person["name"], person["role"], person["try"])
        ), person["sub"]
    assert len(PERSONS) == 9
    assert not re.findall(r"(?:src|href)=\"(?!/assets/idp\.css|data:,)", page.text)
    assert "<script" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    style = requests.get(f"{sign_in.provider.issuer}/assets/idp.css", timeout=TIMEOUT)
    assert (style.status_code, "url(" in style.text, "@import" in style.text) == (200, False, False)


def test_a_form_from_elsewhere_or_about_nobody_is_refused(sign_in: SignIn) -> None:
    page = sign_in.open()
    foreign = sign_in.browser.post(
        page.url, data={"sub": "amina"}, headers={"Origin": PORTAL}, allow_redirects=False, timeout=TIMEOUT
    )
    nobody = sign_in.browser.post(page.url, data={"sub": "nobody"}, allow_redirects=False, timeout=TIMEOUT)
    long = sign_in.browser.post(page.url, data={"sub": "x" * 5000}, allow_redirects=False, timeout=TIMEOUT)
    other_browser = requests.post(page.url, data={"sub": "amina"}, allow_redirects=False, timeout=TIMEOUT)
    assert [answer.status_code for answer in (foreign, nobody, long, other_browser)] == [400] * 4
    assert all("You could not be signed in" in answer.text for answer in (foreign, nobody, long, other_browser))


@pytest.mark.parametrize(
    "path", ["/", "//", "/interaction/x", "/auth", "/session/end/confirm", "/nowhere", "/reg", "/device", "/%zz"]
)
def test_odd_addresses_get_a_page_and_no_fault(provider: Provider, path: str) -> None:
    status, body = _raw(provider, path, {"Host": f"127.0.0.1:{provider.port}"})
    assert 400 <= status < 500
    assert b"at " not in body.split(b"<main>")[-1].split(b"node:")[0] or b"node:" not in body


def test_signing_out_takes_one_press(sign_in: SignIn) -> None:
    token = sign_in.claims_of("amina")["__token"]
    page = sign_in.browser.get(f"{sign_in.provider.issuer}/session/end", timeout=TIMEOUT,
                               params={"id_token_hint": token, "post_logout_redirect_uri": f"{PORTAL}/", "state": "s1"})  # fmt: skip
    assert (page.text.count("<button"), "Sign out?" in page.text) == (1, True)
    form = {"xsrf": form_value(page.text, "xsrf"), "logout": "yes"}
    answer = sign_in.browser.post(
        f"{sign_in.provider.issuer}/session/end/confirm", data=form, allow_redirects=False, timeout=TIMEOUT
    )
    assert answer.headers["Location"] == f"{PORTAL}/?state=s1"
    assert "Choose who you are" in sign_in.open().text


def test_keys_stay_over_a_restart_and_only_its_account_reads_them(provider: Provider) -> None:
    before = requests.get(f"{provider.issuer}/jwks", timeout=TIMEOUT).json()
    provider.part.end()
    provider.start()
    assert requests.get(f"{provider.issuer}/jwks", timeout=TIMEOUT).json() == before
    assert {stat.S_IMODE(path.stat().st_mode) for path in (provider.state / "keys").iterdir()} == {0o600}
    assert "d" not in before["keys"][0]


@pytest.mark.parametrize(
    ("settings", "word"),
    [({"TRE_MODE": "production"}, "TRE_MODE=demo"), ({"TRE_MODE": ""}, "TRE_MODE=demo"), ({"TRE_ISSUER": "http://0.0.0.0:9999"}, "127.0.0.1 only"),
     ({"TRE_ISSUER": "http://192.168.1.5:9999"}, "127.0.0.1 only"), ({"TRE_ISSUER": "https://id.example.org"}, "127.0.0.1 only"),
     ({"TRE_ISSUER": "http://localhost:9999"}, "127.0.0.1 only"), ({"TRE_ISSUER": "http://127.0.0.1.evil.example:9"}, "127.0.0.1 only"),
     ({"TRE_ISSUER": "http://127.0.0.1:9999/idp"}, "127.0.0.1 only"), ({"TRE_ISSUER": ""}, "TRE_ISSUER is not set")],
)  # fmt: skip
def test_where_it_refuses_to_run(settings: dict[str, str], word: str) -> None:
    code, said = Provider(**settings).refusal()
    assert code == 78
    assert word in said
    assert "at " not in said, "a sentence, not a stack"


def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "short").write_text("abc")
    code, said = Provider(TRE_IDP_HUB_SECRET_FILE=str(tmp_path / "short")).refusal()
    assert (code, "shorter than 32" in said) == (78, True)
