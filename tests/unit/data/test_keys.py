"""Where the vault's key is kept: four providers, one manner; none lets a key be read, replaced or lost unnoticed."""

import base64
import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.fakes.hashicorp import TOKEN, HashicorpFake, serving
from tre.data.engine.folders import Folders
from tre.data.engine.keys import EnvironmentKeys, FileKeys, KeyProvider, chosen_keys
from tre.data.engine.keys.hashicorp import KvKeys, TransitKeys, connect
from tre.data.engine.vault import open_vault
from tre.data.engine.vault.sealed import key_version_of
from tre.kernel.errors import Altered, Invalid, Unavailable
from tre.plumbing.config import Config

Make = Callable[[], KeyProvider]


@pytest.fixture
def server() -> Iterator[HashicorpFake]:
    with serving() as fake:
        yield fake


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.touch(mode=0o600)
    path.write_text(TOKEN + "\n")
    return path


@pytest.fixture(params=["file", "hashicorp-kv", "hashicorp-transit"])
def provider(request: pytest.FixtureRequest, empty: Folders, server: HashicorpFake, token_file: Path) -> Make:
    """A maker of the provider as the settings choose it: each call is a broker that was started anew."""
    config = Config(
        key_provider=request.param, hashicorp_url=server.url, hashicorp_token_file=token_file, state=empty.vault.parent
    )
    return lambda: chosen_keys(config, empty.vault)


def test_a_key_is_made_once_a_version_and_found_again(provider: Make) -> None:
    keys = provider()
    assert keys.versions() == ()
    keys.make(1)
    keys.make(2)
    first, second = keys.master(1), keys.master(2)
    keys.make(1)
    assert provider().versions() == (1, 2)
    assert (provider().master(1), provider().master(2)) == (first, second)
    assert len({first, second}) == 2
    assert {len(first), len(second)} == {32}
    with pytest.raises(Altered, match="Version 3"):
        keys.master(3)


def test_a_new_version_leaves_the_old_ones_readable_and_seals_the_registers_anew(
    provider: Make, empty: Folders
) -> None:
    with open_vault(empty.vault, provider()) as vault:
        vault.enrol("nhs-number", np.array([9990000018, 9990000026]))
        before = vault.register("nhs-number").numbers.tolist()
        old = vault.project_key("p-aaaaaa", key_version=1)
        vault.renew_key(2)
        vault.renew_key(2)
        assert vault.key_version == 2
    with open_vault(empty.vault, provider()) as vault:
        assert key_version_of(empty.vault / "nhs-number.register") == 2
        assert vault.register("nhs-number").numbers.tolist() == before
        assert vault.project_key("p-aaaaaa", key_version=1) == old
        assert vault.project_key("p-aaaaaa", key_version=2) != old


def test_a_lost_version_is_not_replaced(provider: Make, empty: Folders, server: HashicorpFake) -> None:
    with open_vault(empty.vault, provider()) as vault:
        vault.enrol("nhs-number", np.array([9990000018]))
    for path in (*empty.vault.glob("key*"), *empty.vault.glob("wrapped-key*")):
        path.unlink()
    server.secret.clear()
    with pytest.raises(Altered, match="restore it"), open_vault(empty.vault, provider()):
        pass


def test_no_key_lies_in_the_vaults_folder_in_the_clear_where_a_server_keeps_it(
    empty: Folders, server: HashicorpFake, token_file: Path
) -> None:
    client = connect(server.url, token_file)
    for keys in (
        KvKeys(client, mount="secret", path="tre"),
        TransitKeys(client, empty.vault, mount="transit", name="tre"),
    ):
        keys.make(1)
        key = keys.master(1)
        for path in (one for one in empty.vault.rglob("*") if one.is_file()):
            assert key not in path.read_bytes()
            assert base64.b64encode(key) not in path.read_bytes()
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_two_brokers_cannot_both_make_a_version(server: HashicorpFake, token_file: Path) -> None:
    keys = KvKeys(connect(server.url, token_file), mount="secret", path="tre")
    keys.make(1)
    fields, at = keys._read()
    server.version += 1  # another wrote in between
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "_read", lambda: (fields, at))
        with pytest.raises(Unavailable, match="refused"):
            keys.make(2)
    assert sorted(server.secret) == ["1"]


def test_a_sealed_server_a_wrong_token_and_no_server_are_told_without_its_words(
    server: HashicorpFake, token_file: Path
) -> None:
    keys = KvKeys(connect(server.url, token_file), mount="secret", path="tre")
    server.down = True
    with pytest.raises(Unavailable, match="does not answer") as sealed:
        keys.versions()
    server.down = False
    token_file.write_text("hvs.wrong")
    with pytest.raises(Unavailable) as stranger:
        KvKeys(connect(server.url, token_file), mount="secret", path="tre").versions()
    with pytest.raises(Unavailable) as nobody:
        KvKeys(connect("http://127.0.0.1:9", token_file), mount="secret", path="tre").versions()
    for told in (sealed, stranger, nobody):
        assert "hvs." not in told.value.sentence
        assert "sealed" not in told.value.sentence


def test_a_wrapped_key_of_another_server_is_refused(server: HashicorpFake, token_file: Path, empty: Folders) -> None:
    with serving() as other:
        TransitKeys(connect(other.url, token_file), empty.vault, mount="transit", name="tre").make(1)
    with pytest.raises(Unavailable, match="refused"):
        TransitKeys(connect(server.url, token_file), empty.vault, mount="transit", name="tre").master(1)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610, 0o700 | 0o001])
def test_files_that_others_can_read_or_write_are_refused(empty: Folders, token_file: Path, mode: int) -> None:
    keys = FileKeys(empty.vault)
    keys.make(1)
    keys.make(2)
    (empty.vault / "key.2").chmod(mode)
    token_file.chmod(mode)
    assert len(keys.master(1)) == 32
    with pytest.raises(Unavailable, match="set its mode to 600"):
        keys.master(2)
    with pytest.raises(Unavailable, match="set its mode to 600"):
        connect("http://127.0.0.1:9", token_file)


def test_a_key_that_is_a_link_is_refused(empty: Folders, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(bytes(32))
    (tmp_path / "elsewhere").chmod(0o600)
    (empty.vault / "key").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unavailable):
        FileKeys(empty.vault).master(1)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_what_is_no_key_is_refused(empty: Folders, length: int) -> None:
    (empty.vault / "key").touch(mode=0o600)
    (empty.vault / "key").write_bytes(bytes(length))
    with pytest.raises(Altered, match="not 32 bytes"):
        FileKeys(empty.vault).master(1)
    text = base64.b64encode(bytes(length)).decode()
    with pytest.raises(Altered, match="not 32 bytes"):
        EnvironmentKeys({"TRE_VAULT_KEY_1": text}).master(1)


def test_the_environment_gives_keys_and_makes_none(empty: Folders) -> None:
    texts = {f"TRE_VAULT_KEY_{one}": base64.b64encode(bytes([one]) * 32).decode() for one in (1, 2)}
    keys = EnvironmentKeys(texts | {"TRE_VAULT_KEY_NEXT": "x", "TRE_VAULT_KEY_0": "x"})
    assert keys.versions() == (1, 2)
    assert keys.master(2) == b"\2" * 32
    keys.make(2)
    with pytest.raises(Invalid, match="TRE_VAULT_KEY_3"):
        keys.make(3)
    with pytest.raises(Altered, match="not base64"):
        EnvironmentKeys({"TRE_VAULT_KEY_1": "not a key!"}).master(1)
    with pytest.raises(Invalid, match="TRE_VAULT_KEY_1"), open_vault(empty.vault, EnvironmentKeys({})):
        pass


def test_the_double_answers_as_the_real_server_did(server: HashicorpFake) -> None:
    kv, transit = "/v1/secret/data/tre", "/v1/transit"
    write = {"options": {"cas": 0}, "data": {"1": "x"}}
    asked: dict[str, tuple[int, Any]] = {
        "read none": server.answer("GET", kv, TOKEN, {}),
        "write": server.answer("POST", kv, TOKEN, write),
        "write stale": server.answer("POST", kv, TOKEN, write),
        "read": server.answer("GET", kv, TOKEN, {}),
        "wrap": server.answer("POST", f"{transit}/datakey/wrapped/tre", TOKEN, {"bits": 256}),
        "unwrap strange": server.answer(
            "POST", f"{transit}/decrypt/tre", TOKEN, {"ciphertext": "vault:v1:" + "A" * 80}
        ),
        "wrong token": server.answer("GET", kv, "hvs.wrong", {}),
    }
    wrapped = asked["wrap"][1]["data"]["ciphertext"]
    assert wrapped.startswith("vault:v1:")
    asked["unwrap"] = server.answer("POST", f"{transit}/decrypt/tre", TOKEN, {"ciphertext": wrapped})
    recorded = json.loads((Path(__file__).parents[2] / "fakes/hashicorp_answers.json").read_text())["answers"]
    assert {call: _form(*answer) for call, answer in asked.items()} == recorded


def _form(status: int, body: dict[str, Any]) -> dict[str, Any]:
    if "errors" in body:
        return {"status": status, "errors": body["errors"]}
    form: dict[str, Any] = {"status": status, "data": sorted(body["data"])}
    return form | ({"metadata": sorted(body["data"]["metadata"])} if "metadata" in body["data"] else {})
