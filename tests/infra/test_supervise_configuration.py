"""The text that supervisor reads: every part in it, no secret, nothing that could be read as another setting."""

import configparser
import shlex
from pathlib import Path

import pytest

from tre.entrypoints.supervise.configuration import render
from tre.entrypoints.supervise.parts import list_parts
from tre.entrypoints.supervise.programs import Programs
from tre.kernel.errors import Invalid
from tre.plumbing.config import Config

PROGRAMS = Programs(python=Path("/p/bin/python"), node=Path("/p/node"), node_modules=Path("/n"), opa=Path("/o/opa"), notebook_env=Path("/e"), web=Path("/w"))  # fmt: skip
ALL = ["opa", "idp", "proxy", "portal", "session-api", "broker", "timer", "hub"]


def _read(config: Config) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=True)
    parser.read_string(render(config, list_parts(config, PROGRAMS), python=PROGRAMS.python))
    return parser


def test_every_part_is_in_it(tmp_path: Path) -> None:
    parser = _read(Config(state=tmp_path))
    assert [name.partition(":")[2] for name in parser.sections() if name.startswith("program:")] == ALL
    for name in ALL:
        part = parser[f"program:{name}"]
        command = shlex.split(part["command"])
        assert command[:5] == [
            "/p/bin/python",
            "-m",
            "tre.entrypoints.supervise.part",
            "--parent",
            str(tmp_path / "run/supervisord.pid"),
        ]
        assert part["autorestart"] == "true"
        assert int(part["startretries"]) >= 1000
        assert part["stdout_logfile"] == str(tmp_path / f"logs/{name}.log")


def test_the_hub_waits_for_proxy_and_provider_and_stops_first(tmp_path: Path) -> None:
    parser = _read(Config(state=tmp_path, front_port=9000, idp_port=9020))
    hub = parser["program:hub"]
    assert "--wait http://127.0.0.1:9000/_chp_healthz --wait http://127.0.0.1:9020/healthz --" in hub["command"]
    assert int(hub["priority"]) == max(int(parser[f"program:{name}"]["priority"]) for name in ALL)
    assert "user" not in hub


def test_another_provider_means_none_of_our_own(tmp_path: Path) -> None:
    parser = _read(Config(state=tmp_path, issuer="https://id.example.org"))
    assert "program:idp" not in parser
    assert 'TRE_ISSUER="https://id.example.org"' in parser["supervisord"]["environment"]
    assert "--wait http://127.0.0.1:8020" not in parser["program:hub"]["command"]


def test_the_database_is_named_only_to_those_who_open_it(tmp_path: Path) -> None:
    parser = _read(Config(state=tmp_path, database_url="postgresql+psycopg://tre:s3cret@127.0.0.1/tre"))
    told = {name for name in parser.sections() if "s3cret" in parser[name].get("environment", "")}
    assert told == {"program:portal", "program:session-api", "program:broker", "program:timer"}


def test_a_percent_sign_stays_one(tmp_path: Path) -> None:
    state = tmp_path / "50%"
    state.mkdir()
    assert f"{tmp_path}/50%%/release" in _read(Config(state=state))["supervisord"]["directory"]


@pytest.mark.parametrize("url", ['x"y', "a'b", "a\nuser=root", "a;b"])
def test_a_setting_cannot_become_another_one(tmp_path: Path, url: str) -> None:
    with pytest.raises(Invalid, match="choose one without"):
        _read(Config(state=tmp_path, database_url=url))
