"""What the policy server runs on is written whole, for its account alone, and again without a trace of the draft."""

import json
import stat
import tarfile
from pathlib import Path

import pytest

from tests.fixtures import opa
from tre.kernel.errors import Unavailable
from tre.policy import bundle


def test_the_bundle_holds_the_rules_the_token_and_a_signature(tmp_path: Path) -> None:
    config = opa.installation(tmp_path / "state")
    revision = bundle.prepare(config, opa=opa.opa_binary())
    with tarfile.open(config.state / "run/opa/bundle.tar.gz") as tar:
        names = {name.lstrip("/") for name in tar.getnames()}
        manifest = json.load(tar.extractfile("/.manifest") or pytest.fail("no manifest"))
    assert {"data.json", ".signatures.json", ".manifest"} <= names
    assert {name for name in names if name.endswith(".rego")} == {*bundle.rules(bundle.REGO)}
    assert manifest["revision"] == revision == bundle.revision(bundle.rules(bundle.REGO))


def test_only_the_owner_reads_and_nothing_else_is_left(tmp_path: Path) -> None:
    config = opa.installation(tmp_path / "state")
    for _ in range(2):
        bundle.prepare(config, opa=opa.opa_binary())
    folder = config.state / "run/opa"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        "bundle.tar.gz": 0o600,
        "config.yaml": 0o600,
    }


@pytest.mark.parametrize("secret", ["bundle_key", "opa_token"])
def test_without_a_secret_it_says_which(tmp_path: Path, secret: str) -> None:
    config = opa.installation(tmp_path / "state")
    (config.state / "secrets" / secret).unlink()
    with pytest.raises(Unavailable, match=secret):
        bundle.prepare(config, opa=opa.opa_binary())
    assert list((config.state / "run/opa").iterdir()) == []


@pytest.mark.parametrize("token", ["", "short"])
def test_a_token_that_anybody_could_guess_is_refused(tmp_path: Path, token: str) -> None:
    config = opa.installation(tmp_path / "state")
    (config.state / "secrets/opa_token").write_text(token)
    with pytest.raises(Unavailable, match="too short"):
        bundle.prepare(config, opa=opa.opa_binary())


def test_rules_that_cannot_be_built_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = opa.installation(tmp_path / "state")
    (tmp_path / "rego").mkdir()
    (tmp_path / "rego/odd.rego").write_text("package odd\nallow if nothing.known")
    monkeypatch.setattr(bundle, "REGO", tmp_path / "rego")
    with pytest.raises(Unavailable, match="cannot be built"):
        bundle.prepare(config, opa=opa.opa_binary())
