"""The hub reads the same environment as the rest, and refuses folders that cannot hold its sockets."""

from pathlib import Path

import pytest

from tre.hub.settings import read_settings
from tre.kernel.errors import Unavailable
from tre.plumbing.config import Config

GIVEN = {"TRE_STATE": "/srv/tre/demo", "TRE_NOTEBOOK_ENV": "/srv/notebook"}


def test_defaults_are_those_of_the_portal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TRE_FRONT_PORT", "TRE_PUBLIC_URL", "TRE_WORKSPACES_URL", "TRE_ISSUER", "TRE_MFA_ACR"):
        monkeypatch.delenv(name, raising=False)
    config, settings = Config(state=Path(GIVEN["TRE_STATE"])), read_settings(GIVEN)
    assert settings.front_port == config.front_port
    assert settings.proxy_api_port == config.proxy_api_port
    assert settings.portal_port == config.portal_port
    assert settings.portal_origin == config.portal_origin
    assert settings.hub_origin == config.hub_origin
    assert settings.issuer == config.oidc_issuer
    assert settings.mfa_acr == config.mfa_acr
    assert settings.hub_socket == config.hub_socket
    assert settings.session_api == config.session_socket.parent


@pytest.mark.parametrize("missing", ["TRE_STATE", "TRE_NOTEBOOK_ENV"])
def test_what_has_no_default_must_be_named(missing: str) -> None:
    with pytest.raises(Unavailable, match=missing):
        read_settings({name: value for name, value in GIVEN.items() if name != missing})


@pytest.mark.parametrize("state", ["/srv/Tre", "/srv/" + "x" * 90])
def test_sockets_need_a_short_lower_case_path(state: str) -> None:
    with pytest.raises(Unavailable, match="TRE_STATE"):
        read_settings(GIVEN | {"TRE_STATE": state})


def test_the_longest_path_that_is_accepted_holds_a_socket() -> None:
    settings = read_settings(GIVEN | {"TRE_STATE": "/" + "x" * 74})
    assert len(str(settings.sessions / "0123456789ab" / "nb.sock")) <= 107


def test_a_missing_secret_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="plan_key"):
        read_settings(GIVEN | {"TRE_STATE": str(tmp_path)}).secret("plan_key")
