"""Owns the settings: environment variables with the prefix TRE_, typed, read once. Must never hold a secret's value."""

import hashlib
import os
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from tre.kernel.errors import Unavailable

CHECKOUT = Path(__file__).resolve().parents[2]


def _default_state() -> Path:
    name = "demo-" + hashlib.sha256(str(CHECKOUT).encode()).hexdigest()[:8]
    if os.geteuid() == 0:
        return Path("/var/lib/tre") / name
    return Path.home() / ".local/share/tre" / name


class Config(BaseSettings):
    """One installation's settings; each is the environment variable TRE_NAME."""

    model_config = SettingsConfigDict(env_prefix="TRE_", frozen=True, extra="ignore")

    mode: Literal["demo", "production"] = "demo"
    state: Path = Field(default_factory=_default_state, description="folder of this installation's state")

    host: Literal["127.0.0.1"] = "127.0.0.1"
    front_port: int = 8000
    proxy_api_port: int = 8001
    portal_port: int = 8010
    idp_port: int = 8020
    opa_port: int = 8030

    database_url: str = Field(default="", description="SQLAlchemy URL; empty means SQLite in the state folder")
    issuer: str = Field(default="", description="OpenID issuer; empty means the embedded demo provider")
    oidc_client_id: str = "portal"
    mfa_acr: str = Field(default="urn:tre:mfa", description="acr claim that proves a second factor")
    person_claim: str = Field(default="sub", description="claim that is the person id; also a host name label")
    first_role: Literal["", "researcher"] = Field(default="", description="role given at a person's first sign-in")
    public_url: str = Field(default="", description="the portal's origin; empty means the front port on 127.0.0.1")
    workspaces_url: str = Field(default="", description="the hub's origin; empty means the front port on localhost")

    session_hours: int = 8
    session_memory_bytes: int = 2 * 1024**3
    session_processes: int = 256
    session_cpus: float = 1.5
    workspace_bytes: int = Field(
        default=10_000_000_000, gt=0, description="most that a workspace may hold, on the disk"
    )
    workspace_files: int = Field(default=100_000, gt=0, description="most files and folders that a workspace may hold")
    upload_bytes: int = Field(default=50 * 1024**2, description="largest body accepted by the portal or session API")
    websocket_message_bytes: int = Field(default=2 * 1024**2, description="largest message out of a workspace at once")
    notebook_bytes: int = Field(
        default=16 * 1024**2, description="largest notebook that the editor opens, outputs included"
    )
    source_bytes: int = Field(default=1024**2, description="largest file of code or prose that the editor opens")
    refresh_days: int = Field(
        default=7, ge=0, description="days until a live snapshot must honour a changed opt-out list"
    )
    superseded_days: int = Field(
        default=1, ge=0, description="days that a superseded snapshot stays, once a newer one is ready"
    )
    risk_threshold: int = Field(default=10, description="fewest persons behind a released count (ACRO's default)")
    approvals_needed: int = Field(default=2, description="different output checkers who must approve a release")

    reidentifications_a_day: int = Field(
        default=5, description="most re-identifications in a day, by project and person"
    )
    reidentification_days: int = Field(
        default=7, ge=1, description="days after which a re-identification lapses that nobody approved, or read"
    )
    broker_accounts: str = Field(
        default="", description="who may act at the broker's command line: login=person, commas between"
    )
    key_provider: Literal["file", "environment", "hashicorp-kv", "hashicorp-transit"] = Field(
        default="file", description="where the vault's key is kept"
    )
    hashicorp_url: str = Field(default="http://127.0.0.1:8200", description="address of HashiCorp Vault")
    hashicorp_mount: str = Field(default="", description="mount of its engine; empty means secret or transit")
    hashicorp_path: str = Field(default="tre", description="path of the secret, or name of the transit key")
    hashicorp_token_file: Path = Field(default=Path("/run/vault/token"), description="file with the broker's token")
    hashicorp_certificates: str = Field(default="", description="file of the authority behind its certificate")

    snapshot_engine: str = Field(default="duckdb", description="what builds snapshots: duckdb or spark")
    spark_master: str = Field(default="local[*]", description="where Apache Spark runs, where it builds snapshots")

    store_bucket: str = Field(
        default="", description="where dataset versions are kept beyond this machine: bucket/prefix, or a folder's path"
    )
    store_endpoint: str = Field(default="", description="address of an S3-compatible server; empty means Amazon's")
    store_region: str = Field(default="eu-west-2", description="region of the bucket")

    contracts: str = Field(
        default="", description="folder of own dataset contracts; empty means contracts in the state"
    )

    web: Path = Field(default=Path(), description="folder of built CSS and JavaScript (set-up makes it)")

    @cached_property
    def database(self) -> str:
        """SQLAlchemy URL of the governance records."""
        return self.database_url or f"sqlite:///{self.state}/db/tre.sqlite"

    @cached_property
    def contracts_folder(self) -> Path:
        """Folder of the installation's own dataset contracts; it need not be there."""
        return Path(self.contracts) if self.contracts else self.state / "contracts"

    @cached_property
    def portal_origin(self) -> str:
        """Origin that people see the portal under."""
        return self.public_url or f"http://127.0.0.1:{self.front_port}"

    @cached_property
    def hub_origin(self) -> str:
        """Origin of the hub; a person's workspaces are one label below it (never the portal's origin)."""
        return self.workspaces_url or f"http://localhost:{self.front_port}"

    @cached_property
    def oidc_issuer(self) -> str:
        """OpenID issuer."""
        return self.issuer or self._own_issuer

    @cached_property
    def has_own_provider(self) -> bool:
        """Whether the issuer is the embedded demo provider: its parts are told its address as that of any other."""
        return self.oidc_issuer == self._own_issuer

    @cached_property
    def _own_issuer(self) -> str:
        return f"http://127.0.0.1:{self.idp_port}"

    @cached_property
    def opa_url(self) -> str:
        """Where the policy server listens."""
        return f"http://127.0.0.1:{self.opa_port}"

    @cached_property
    def hub_socket(self) -> Path:
        """Unix socket of the hub."""
        return self.state / "run/hub/hub.sock"

    @cached_property
    def session_socket(self) -> Path:
        """Unix socket of the session API; its folder is mounted in every workspace."""
        return self.state / "run/session/session.sock"

    def secret(self, name: str) -> str:
        """Return the secret `name` from the state folder; raise `Unavailable` if it cannot be read."""
        path = self.state / "secrets" / name
        try:
            return path.read_text().strip()
        except OSError as error:
            raise Unavailable(f"The secret {name} cannot be read: start the TRE with 'make demo'.") from error
