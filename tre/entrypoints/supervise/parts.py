"""Owns the one table of the running parts: name, command, account, order, what each waits for, how its health is asked.

Must never start anything. Parts with a higher order start later and stop earlier; a part waits only for what it cannot
start without, since the portal must be there to say which of the others is missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tre.entrypoints.supervise import serving_policy
from tre.entrypoints.supervise.programs import Programs
from tre.plumbing.config import Config

HEARTBEAT_SECONDS = 15  # broker and timer touch their file about every 5


@dataclass(frozen=True, kw_only=True)
class Part:
    """One process that supervisor keeps running.

    Args:
        name: as shown by `status`.
        command: program and arguments.
        account: OS account it drops to when the TRE was started as root.
        order: 10 to 99; the lower starts first and stops last.
        health: address for `health.is_healthy`.
        needs: names of the parts it waits for.
        environment: what it reads beyond the settings that all parts have.
        stop_seconds: how long it may take to end before it is killed.
    """

    name: str
    command: tuple[str, ...]
    account: str
    order: int
    health: str
    needs: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_seconds: int = 8


def list_parts(config: Config, programs: Programs) -> list[Part]:
    """Return the parts of an installation; the embedded identity provider only where no other issuer is set."""
    release = config.state / "release"
    provider = [_provider(config, programs, release)] if config.has_own_provider else []
    return [
        _policy_server(config, programs),
        *provider,
        _front_door(config, programs, release),
        _portal(config, programs),
        _session_api(config, programs),
        _broker(config, programs),
        _timer(config, programs),
        _hub(config, programs, release, needs=("proxy", *(part.name for part in provider))),
    ]


def _policy_server(config: Config, programs: Programs) -> Part:
    return Part(
        name="opa",
        command=serving_policy.command(config, opa=programs.opa),
        account="tre-opa",
        order=10,
        health=f"{config.opa_url}/health?bundles",
        environment=serving_policy.environment(),
    )


def _provider(config: Config, programs: Programs, release: Path) -> Part:
    folder = config.state / "idp"
    return Part(
        name="idp",
        command=(str(programs.node), str(release / "infra/idp/server.mjs")),
        account="tre-idp",
        order=10,
        health=f"{config.oidc_issuer}/healthz",
        environment={
            "TRE_IDP_STATE": str(folder),
            "TRE_IDP_PORTAL_SECRET_FILE": str(folder / "oidc_portal_secret"),
            "TRE_IDP_HUB_SECRET_FILE": str(folder / "oidc_hub_secret"),
        },
    )


def _front_door(config: Config, programs: Programs, release: Path) -> Part:
    secrets = config.state / "secrets"
    return Part(
        name="proxy",
        command=(str(programs.node), str(release / "infra/proxy/front_door.mjs")),
        account="tre-portal",
        order=20,
        health=f"http://{config.host}:{config.front_port}/_chp_healthz",
        environment={
            "TRE_PORTAL_TARGET": f"http://{config.host}:{config.portal_port}",
            "TRE_HUB_SOCKET": str(config.hub_socket),
            "TRE_PROXY_STATE": str(config.state / "run/proxy"),
            "TRE_PROXY_TOKEN_FILE": str(secrets / "proxy_token"),
            "TRE_PORTAL_HUB_TOKEN_FILE": str(secrets / "portal_hub_token"),
        },
    )


def _uvicorn(programs: Programs, application: str, *listen: str) -> tuple[str, ...]:
    # No proxy headers: their sender's address is what a client wrote, which must not become a fact.
    return (
        str(programs.python), "-m", "uvicorn", application, "--factory", *listen,
        "--no-proxy-headers", "--no-server-header", "--no-access-log", "--log-level", "warning",
    )  # fmt: skip


def _portal(config: Config, programs: Programs) -> Part:
    return Part(
        name="portal",
        command=_uvicorn(
            programs, "tre.entrypoints.app:create", "--host", config.host, "--port", str(config.portal_port)
        ),
        account="tre-portal",
        order=30,
        health=f"http://{config.host}:{config.portal_port}/healthz",
        environment=_records(config) | {"TRE_WEB": str(programs.web)},
    )


def _session_api(config: Config, programs: Programs) -> Part:
    return Part(
        name="session-api",
        command=_uvicorn(programs, "tre.entrypoints.session_api:create", "--uds", str(config.session_socket)),
        account="tre-portal",
        order=30,
        health=f"unix:{config.session_socket}:/healthz",
        environment=_records(config),
    )


def _broker(config: Config, programs: Programs) -> Part:
    beat = config.state / "run/broker/heartbeat"
    return Part(
        name="broker",
        command=(str(programs.python), "-m", "tre.entrypoints.broker"),
        account="tre-broker",
        order=30,
        health=f"beat:{beat}:{HEARTBEAT_SECONDS}",
        environment=_records(config) | {"TRE_HEARTBEAT": str(beat)},
    )


def _timer(config: Config, programs: Programs) -> Part:
    beat = config.state / "run/timer/heartbeat"
    return Part(
        name="timer",
        command=(str(programs.python), "-m", "tre.entrypoints.timer"),
        account="tre-portal",
        order=30,
        health=f"beat:{beat}:{HEARTBEAT_SECONDS}",
        environment=_records(config) | {"TRE_HEARTBEAT": str(beat)},
    )


def _hub(config: Config, programs: Programs, release: Path, needs: tuple[str, ...]) -> Part:
    return Part(
        name="hub",
        command=(str(programs.python), "-m", "tre.hub", "-f", str(release / "infra/hub/jupyterhub_config.py")),
        account="root",  # gives each session to its project's own uid
        order=40,
        health=f"unix:{config.hub_socket}:/workspaces/hub/health",
        needs=needs,
        environment={"TRE_NOTEBOOK_ENV": str(programs.notebook_env), "TRE_FRONT_ACCOUNT": "tre-portal"},
        stop_seconds=25,  # it ends the workspaces first
    )


def _records(config: Config) -> dict[str, str]:
    # May hold a password: only for those who open the database.
    return {"TRE_DATABASE_URL": config.database_url} if config.database_url else {}
