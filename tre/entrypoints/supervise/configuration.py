"""Owns the text of supervisord.conf, written from the table of parts. Must never hold a secret's value."""

import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from tre.entrypoints.supervise.parts import Part
from tre.kernel.errors import Invalid
from tre.plumbing.config import Config

NOT_FOR_ALL = {"TRE_DATABASE_URL", "TRE_WEB"}
SUPERVISOR_PID = "run/supervisord.pid"
SUPERVISOR_SOCKET = "run/supervisor.sock"
START_TRIES = 1000  # a part that cannot start is tried again, ever more slowly (supervisor adds a second each time)


def settings_of(config: Config) -> dict[str, str]:
    """Return the settings as environment variables, as `Config` reads them."""
    return {f"TRE_{name.upper()}": str(value) for name, value in config.model_dump().items()}


def settings_for_all(config: Config, *, programs_path: str) -> dict[str, str]:
    """Return the environment that every part has: the settings, and nothing of whoever started the TRE."""
    own = {name: value for name, value in settings_of(config).items() if name not in NOT_FOR_ALL}
    return own | {
        "TRE_ISSUER": config.oidc_issuer,
        "TRE_PUBLIC_URL": config.portal_origin,
        "TRE_WORKSPACES_URL": config.hub_origin,
        "PATH": f"{programs_path}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "PYTHONPATH": str(config.state / "release"),
        "PYTHONUNBUFFERED": "1",
        "HOME": "/nonexistent",
        "LANG": "C.UTF-8",
    }


def render(config: Config, parts: Sequence[Part], *, python: Path) -> str:
    """Return supervisord.conf.

    Args:
        python: interpreter of the service environment.

    Raises:
        Invalid: a setting holds a quote or a line break, which this format cannot carry.
    """
    health = {part.name: part.health for part in parts}
    programs = [_program(part, config, python=python, health=health) for part in parts]
    shared = settings_for_all(config, programs_path=str(python.parent))
    return "\n".join([_head(config, shared), *programs])


def _head(config: Config, environment: Mapping[str, str]) -> str:
    user = "user=root\n" if os.geteuid() == 0 else ""
    return f"""[supervisord]
nodaemon=true
silent=true
{user}umask=022
directory={_plain(str(config.state / "release"))}
logfile={_plain(str(config.state / "logs/supervisord.log"))}
logfile_maxbytes=5MB
pidfile={_plain(str(config.state / SUPERVISOR_PID))}
childlogdir={_plain(str(config.state / "logs"))}
environment={_environment(environment)}

[unix_http_server]
file={_plain(str(config.state / SUPERVISOR_SOCKET))}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""


def _program(part: Part, config: Config, *, python: Path, health: Mapping[str, str]) -> str:
    waits = [word for name in part.needs for word in ("--wait", health[name])]
    parent = str(config.state / SUPERVISOR_PID)
    starter = (str(python), "-m", "tre.entrypoints.supervise.part", "--parent", parent, *waits, "--", *part.command)
    user = f"user={part.account}\n" if os.geteuid() == 0 and part.account != "root" else ""
    environment = f"environment={_environment(part.environment)}\n" if part.environment else ""
    return f"""[program:{part.name}]
command={_command(starter)}
{user}{environment}priority={part.order}
autorestart=true
startsecs=1
startretries={START_TRIES}
stopwaitsecs={part.stop_seconds}
stopasgroup=false
killasgroup=true
redirect_stderr=true
stdout_logfile={_plain(str(config.state / "logs" / f"{part.name}.log"))}
stdout_logfile_maxbytes=5MB
stdout_logfile_backups=3
"""


def _environment(values: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{_plain(value)}"' for name, value in sorted(values.items()))


def _command(words: Sequence[str]) -> str:
    for word in words:
        _plain(word)  # raises
    return shlex.join(words).replace("%", "%%")


def _plain(value: str) -> str:
    if any(character in value for character in "\"'\n\r;"):
        sentence = f"The setting {value[:40]!r} holds a quote, semicolon or line break: choose one without."
        raise Invalid({"setting": sentence})
    return value.replace("%", "%%")
