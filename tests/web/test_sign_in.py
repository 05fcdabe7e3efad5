"""Signing in and out: with the real provider, and against one that lies."""

import base64
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.events import detail_of, events_named
from tests.fakes.provider import Lies, LyingProvider
from tests.fixtures.portal import Browse
from tests.house.portal import Portal, Visitor, make_portal
from tests.house.provider import RealProvider
from tre.people.desk import PeopleDesk
from tre.people.login import Provider

real = pytest.mark.real


def begin(visitor: Visitor, path: str = "/auth/login") -> str:
    answer = visitor.get(path)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def come_back(visitor: Visitor, address: str):  # type: ignore[no-untyped-def]
    parts = urlsplit(address)
    return visitor.get(f"{parts.path}?{parts.query}")


def who(visitor: Visitor) -> str:
    answer = visitor.get("/api/v1/me")
    return str(answer.json()["person_id"]) if answer.status_code == 200 else ""


@pytest.fixture
def signing(portal: Portal, provider: RealProvider) -> Portal:
    """The portal with the real provider; the demonstration's persons are not known yet."""
    (portal.house.config.state / "secrets/oidc_portal_secret").write_text(provider.secret)
    return portal


@real
def test_signing_in_with_the_real_provider(signing: Portal, provider: RealProvider) -> None:
    visitor = signing.visitor()
    address = begin(visitor, "/auth/login?next=/standing")
    asked = parse_qs(urlsplit(address).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["acr_values"] == ["urn:tre:mfa"]
    assert asked["nonce"][0]
    answer = come_back(visitor, provider.sign_in(address, "amina"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/standing")
    assert who(visitor) == "amina"


@real
def test_the_session_is_a_new_one_and_the_former_one_ends(signing: Portal, provider: RealProvider) -> None:
    visitor = signing.visitor()
    come_back(visitor, provider.sign_in(begin(visitor), "amina"))
    former = Visitor(signing.app, signing.origin, cookie=visitor.client.cookies["tre_portal"])
    assert who(former) == "amina"
    come_back(visitor, provider.sign_in(begin(visitor), "ben"))
    assert who(visitor) == "ben"
    assert who(former) == ""


@real
def test_one_factor_is_refused_and_recorded(
    signing: Portal, provider: RealProvider, sessions: sessionmaker[Session]
) -> None:
    visitor = signing.visitor()
    page = come_back(visitor, provider.sign_in(begin(visitor), "ivan"))
    assert page.status_code == 403
    assert "You signed in with one factor" in page.text
    assert who(visitor) == ""
    (event,) = events_named(sessions, "people.session.refused")
    assert (event.person_id, detail_of(event)) == ("ivan", {"reason": "people.sign_in.second_factor_missing"})


@real
def test_not_asking_for_the_second_factor_changes_nothing(signing: Portal, provider: RealProvider) -> None:
    visitor = signing.visitor()
    address = begin(visitor).replace("&acr_values=urn%3Atre%3Amfa", "")
    assert "acr_values" not in address
    assert come_back(visitor, provider.sign_in(address, "ivan")).status_code == 403
    assert who(visitor) == ""


@real
def test_a_code_is_of_use_to_nobody_else(signing: Portal, provider: RealProvider) -> None:
    amina, thief = signing.visitor(), signing.visitor()
    back = provider.sign_in(begin(amina), "amina")
    assert come_back(thief, back).headers["location"] == "/auth/login", "another browser's state: asked to begin anew"
    stolen = parse_qs(urlsplit(back).query)["code"][0]
    own = parse_qs(urlsplit(begin(thief)).query)["state"][0]
    page = thief.get(f"/auth/callback?code={stolen}&state={own}&iss={provider.issuer}")
    assert page.status_code == 403, "the code was asked for with another verifier (PKCE)"
    assert who(thief) == ""


@real
def test_a_callback_counts_once(signing: Portal, provider: RealProvider) -> None:
    visitor = signing.visitor()
    back = provider.sign_in(begin(visitor), "amina")
    come_back(visitor, back)
    again = come_back(visitor, back)
    assert again.headers["location"] == "/auth/login"
    assert come_back(visitor, back).status_code == 400, "once is silent, twice is told"


@real
def test_two_tabs(signing: Portal, provider: RealProvider) -> None:
    visitor = signing.visitor()
    with httpx2.Client() as own:
        first = begin(visitor, "/auth/login?next=/standing")
        second = begin(visitor, "/auth/login?next=/people")
        lost = come_back(visitor, provider.sign_in(first, "amina", browser=own))
        if lost.headers["location"] == "/auth/login":
            lost = come_back(visitor, provider.sign_in(begin(visitor), "amina", browser=own))
        assert lost.status_code == 303
        assert who(visitor) == "amina"
        assert second


@real
def test_signing_out_everywhere(signing: Portal, provider: RealProvider) -> None:
    visitor = signing.visitor()
    with httpx2.Client() as own:
        come_back(visitor, provider.sign_in(begin(visitor), "amina", browser=own))
        cookie = visitor.client.cookies["tre_portal"]
        visitor.get("/standing")
        answer = visitor.post("/auth/logout")
        assert answer.headers["location"] == signing.house.config.hub_origin + "/workspaces/hub/logout"
        assert who(Visitor(signing.app, signing.origin, cookie=cookie)) == "", (
            "the session is over, whoever has its cookie"
        )
        onward = visitor.get("/auth/after-hub-logout")
        assert onward.headers["location"].startswith(f"{provider.issuer}/session/end?id_token_hint=")
        assert own.get(onward.headers["location"]).status_code == 200
        assert "You are signed out." in visitor.get("/").text
        assert visitor.get("/auth/after-hub-logout").headers["location"] == "/"


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "https://evil.example/", "/auth/logout", "evil", "/a\nb"]
)
@real
def test_nobody_is_sent_elsewhere(signing: Portal, provider: RealProvider, path: str) -> None:
    visitor = signing.visitor()
    address = visitor.get("/auth/login", params={"next": path}).headers["location"]
    assert come_back(visitor, provider.sign_in(address, "amina")).headers["location"] == "/"


@pytest.fixture
def liar(portal: Portal) -> Iterator[LyingProvider]:
    made = LyingProvider(client_secret=portal.house.config.secret("oidc_portal_secret"))
    yield made
    made.stop()


@pytest.fixture
def lied_to(portal: Portal, liar: LyingProvider) -> Portal:
    config = portal.house.config.model_copy(update={"issuer": liar.issuer})
    config.__dict__.pop("oidc_issuer", None)
    people = PeopleDesk(provider=Provider(config), workspaces=portal.house.people.workspaces)
    return make_portal(replace(portal.house, config=config, people=people))


def test_the_liar_signs_in_like_the_real_one_when_it_tells_the_truth(lied_to: Portal, liar: LyingProvider) -> None:
    visitor = lied_to.visitor()
    answer = come_back(visitor, liar.sign_in(begin(visitor)))
    assert (answer.status_code, answer.headers.get("location")) == (303, "/"), answer.text
    assert who(visitor) == "amina"


BELIEVED = "people.sign_in.token_not_believed"
LIES = {
    "no id_token": (Lies(token={"id_token": None}), "people.sign_in.no_id_token"),
    "a key that is not the provider's": (Lies(other_key=True), BELIEVED),
    "no signature": (Lies(algorithm="none"), BELIEVED),
    "signed with the client's secret": (Lies(algorithm="HS256"), BELIEVED),
    "another issuer": (Lies(claims={"iss": "http://127.0.0.1:1"}), BELIEVED),
    "for another client": (Lies(claims={"aud": "jupyterhub"}), BELIEVED),
    "another nonce": (Lies(claims={"nonce": "x"}), BELIEVED),
    "no nonce": (Lies(claims={"nonce": None}), BELIEVED),
    "expired": (Lies(claims={"exp": int(time.time()) - 120}), BELIEVED),
    "from the future": (Lies(claims={"nbf": int(time.time()) + 3600}), BELIEVED),
    "no acr": (Lies(claims={"acr": None}), BELIEVED),
    "one factor": (Lies(claims={"acr": "urn:tre:pwd"}), "people.sign_in.second_factor_missing"),
    "two persons": (Lies(about={"sub": "farah"}), "people.sign_in.two_persons"),
    "no subject": (Lies(claims={"sub": None}), BELIEVED),
    "a subject that is a path": (Lies(claims={"sub": "../x"}, about={"sub": "../x"}), "people.sign_in.no_person_id"),
    "nonsense for a token": (Lies(token={"id_token": "nonsense"}), BELIEVED),
    "an error": (Lies(token={"error": "server_error"}, token_status=400), "people.sign_in.provider_refused"),
}


@pytest.mark.parametrize("lie", LIES)
def test_no_lie_signs_anybody_in(
    lied_to: Portal, liar: LyingProvider, lie: str, sessions: sessionmaker[Session]
) -> None:
    visitor = lied_to.visitor()
    liar.lies, code = LIES[lie]
    page = come_back(visitor, liar.sign_in(begin(visitor)))
    assert page.status_code == 403, page.text
    assert f'tre-reference">{code}<' in page.text
    assert who(visitor) == ""
    assert events_named(sessions, "people.session.opened") == []


def test_a_broken_token_endpoint(lied_to: Portal, liar: LyingProvider) -> None:
    visitor = lied_to.visitor()
    liar.lies = Lies(token_status=500)
    assert come_back(visitor, liar.sign_in(begin(visitor))).status_code == 503


@pytest.mark.parametrize("iss", [None, "http://127.0.0.1:1"])
def test_an_answer_of_another_provider(lied_to: Portal, liar: LyingProvider, iss: str | None) -> None:
    visitor = lied_to.visitor()
    assert come_back(visitor, liar.sign_in(begin(visitor), iss=iss)).status_code == 403


def test_a_provider_that_does_not_answer(lied_to: Portal, liar: LyingProvider) -> None:
    liar.stop()
    page = lied_to.visitor().get("/auth/login")
    assert page.status_code == 503
    assert "The sign-in service does not answer" in page.text


def test_a_cookie_signed_by_another(portal: Portal, browse: Browse) -> None:
    genuine = browse("amina").client.cookies["tre_portal"]
    content, _, rest = genuine.partition(".")
    told = json.loads(base64.b64decode(content))
    forged = base64.b64encode(json.dumps({**told, "csrf": "x"}).encode()).decode()
    assert who(Visitor(portal.app, portal.origin, cookie=f"{forged}.{rest}")) == ""
    assert who(Visitor(portal.app, portal.origin, cookie=genuine)) == "amina"
