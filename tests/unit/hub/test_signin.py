"""Who is let in at the hub: only whom the right provider signed in with a second factor."""

import logging
from typing import Any

import pytest

from tre.hub.signin import check_endpoint, second_factor_hook
from tre.kernel.errors import Unavailable

ISSUER, ACR = "https://login.example.org", "urn:tre:mfa"
GOOD = {"iss": ISSUER, "acr": ACR, "sub": "amina"}


class _Authenticator:
    log = logging.getLogger("test")


def _judge(claims: Any, name: str = "amina") -> Any:
    model = {"name": name, "auth_state": {"oauth_user": claims}}
    return second_factor_hook(ISSUER, ACR)(_Authenticator(), None, model)


def test_with_all_of_it_a_person_is_let_in() -> None:
    assert _judge(GOOD)["name"] == "amina"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        None,
        GOOD | {"acr": "urn:tre:pwd"},
        GOOD | {"acr": [ACR]},
        GOOD | {"iss": "https://other.example.org"},
        GOOD | {"sub": "../amina"},
        GOOD | {"sub": ""},
        {key: value for key, value in GOOD.items() if key != "acr"},
        {key: value for key, value in GOOD.items() if key != "iss"},
    ],
)
def test_without_any_of_it_nobody_is(claims: Any) -> None:
    assert _judge(claims) is None


def test_the_name_must_be_the_one_the_provider_gave() -> None:
    assert _judge(GOOD, name="farah") is None


def test_without_a_state_nobody_is_let_in() -> None:
    assert second_factor_hook(ISSUER, ACR)(_Authenticator(), None, {"name": "amina", "auth_state": None}) is None


@pytest.mark.parametrize(
    "url", ["https://login.example.org/token", "http://127.0.0.1:8020/token", "http://localhost:8020/token"]
)
def test_a_token_comes_over_https_or_from_this_machine(url: str) -> None:
    assert check_endpoint(url) == url


@pytest.mark.parametrize(
    "url", ["http://login.example.org/token", "http://127.0.0.1.example.org/token", "ftp://127.0.0.1/token", ""]
)
def test_a_token_comes_no_other_way(url: str) -> None:
    with pytest.raises(Unavailable, match="HTTPS"):
        check_endpoint(url)
