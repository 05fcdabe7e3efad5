"""Owns what the hub reads from the environment: folders, ports, origins. Must never hold a secret's value."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tre.kernel.errors import Unavailable

# Linux allows 107 bytes in a socket's address (unix(7)); "/s/" + 12 + "/nb.sock" come after the folder of sockets.
LONGEST_RUN_FOLDER = 107 - len("/hub/s/0123456789ab/nb.sock")

IMAGE_FOLDER = Path(__file__).resolve().parents[2] / "notebooks-image"


@dataclass(frozen=True, kw_only=True)
class HubSettings:
    """One installation, as the hub sees it.

    Args:
        state: folder of the installation's state (TRE_STATE).
        notebook_env: folder of the Python environment that workspaces run (TRE_NOTEBOOK_ENV).
        image: the folder `notebooks-image`: library, Jupyter configuration, starter, first notebooks.
        front_port, proxy_api_port: where the proxy listens, on 127.0.0.1.
        portal_port: where the portal listens, on 127.0.0.1.
        portal_origin, hub_origin: what browsers call the portal and the hub.
        issuer: OpenID issuer; mfa_acr: its claim for a second factor.
        front_account: OS account of proxy and portal: with the hub, the only one that may open the closed sockets.
    """

    state: Path
    notebook_env: Path
    image: Path
    front_port: int
    proxy_api_port: int
    portal_port: int
    portal_origin: str
    hub_origin: str
    issuer: str
    mfa_acr: str
    front_account: str

    @property
    def own(self) -> Path:
        """Folder that only the hub can enter: its database."""
        return self.state / "hub"

    @property
    def run(self) -> Path:
        """Folder of sockets."""
        return self.state / "run"

    @property
    def closed(self) -> Path:
        """Folder that only the hub, the proxy and the portal can enter: the hub's socket and those of the servers."""
        return self.run / "hub"

    @property
    def hub_socket(self) -> Path:
        """The hub's own socket, with every page and path of the hub."""
        return self.closed / "hub.sock"

    @property
    def sessions(self) -> Path:
        """Folder with one folder for each running session: its server's socket, record and log."""
        return self.closed / "s"

    @property
    def door(self) -> Path:
        """Folder mounted in every workspace: holds the narrow socket to the hub and nothing else."""
        return self.run / "door"

    @property
    def session_api(self) -> Path:
        """Folder mounted in every workspace: holds the session API's socket and nothing else."""
        return self.run / "session"

    @property
    def limits_file(self) -> Path:
        """Where the hub writes which bounds are in force, for the portal's health page."""
        return self.closed / "limits.json"

    @property
    def storage_file(self) -> Path:
        """Where the hub writes what each workspace holds, for the portal."""
        return self.closed / "storage.json"

    def secret(self, name: str) -> str:
        """Return the secret `name` of the state folder; raise `Unavailable` when it cannot be read."""
        try:
            return (self.state / "secrets" / name).read_text().strip()
        except OSError as error:
            raise Unavailable(f"The secret {name} cannot be read: start the TRE with 'make demo'.") from error


def read_settings(environ: Mapping[str, str]) -> HubSettings:
    """Return the settings in `environ`; the defaults are those of `tre.plumbing.config`.

    Raises:
        Unavailable: a folder that has no default is not named, or sockets in it would have too long a path.
    """
    front_port = int(environ.get("TRE_FRONT_PORT", "8000"))
    settings = HubSettings(
        state=_folder(environ, "TRE_STATE"),
        notebook_env=_folder(environ, "TRE_NOTEBOOK_ENV"),
        image=Path(environ.get("TRE_NOTEBOOK_IMAGE", str(IMAGE_FOLDER))),
        front_port=front_port,
        proxy_api_port=int(environ.get("TRE_PROXY_API_PORT", "8001")),
        portal_port=int(environ.get("TRE_PORTAL_PORT", "8010")),
        portal_origin=environ.get("TRE_PUBLIC_URL") or f"http://127.0.0.1:{front_port}",
        hub_origin=environ.get("TRE_WORKSPACES_URL") or f"http://localhost:{front_port}",
        issuer=environ.get("TRE_ISSUER") or f"http://127.0.0.1:{environ.get('TRE_IDP_PORT', '8020')}",
        mfa_acr=environ.get("TRE_MFA_ACR", "urn:tre:mfa"),
        front_account=environ.get("TRE_FRONT_ACCOUNT", "tre-portal"),
    )
    _check_run_folder(settings.run)
    return settings


def _folder(environ: Mapping[str, str], name: str) -> Path:
    if not environ.get(name):
        raise Unavailable(f"The hub needs {name}: start the TRE with 'make demo'.")
    return Path(environ[name]).resolve()


def _check_run_folder(run: Path) -> None:
    # JupyterHub reads a server's address with urlparse().hostname, which is lower case.
    if str(run) != str(run).lower() or len(str(run)) > LONGEST_RUN_FOLDER:
        raise Unavailable(
            f"Sockets cannot be kept in {run}: choose a TRE_STATE whose path is lower case "
            f"and at most {LONGEST_RUN_FOLDER - len('/run')} characters long."
        )
