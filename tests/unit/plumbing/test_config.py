"""Settings come from the environment; a missing secret is said plainly."""

from pathlib import Path

import pytest

from tre.kernel.errors import Unavailable
from tre.plumbing.config import Config


def test_the_portal_and_the_workspaces_never_share_an_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRE_FRONT_PORT", "9000")
    config = Config()
    assert config.portal_origin == "http://127.0.0.1:9000"
    assert config.hub_origin == "http://localhost:9000"


def test_an_unknown_mode_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRE_MODE", "allow-all")
    with pytest.raises(ValueError, match="mode"):
        Config()


def test_a_missing_secret_names_itself(tmp_path: Path) -> None:
    config = Config(state=tmp_path)
    with pytest.raises(Unavailable, match="plan_key"):
        config.secret("plan_key")
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/plan_key").write_text("abc\n")
    assert config.secret("plan_key") == "abc"


def test_the_own_provider_is_known_by_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Config(idp_port=9020).has_own_provider
    monkeypatch.setenv("TRE_ISSUER", "http://127.0.0.1:9020")  # as every part is told
    assert Config(idp_port=9020).has_own_provider
    assert not Config(idp_port=9021).has_own_provider
