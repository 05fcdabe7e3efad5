"""Owns the address of a workspace's server: a unix socket. Must never give it a port."""

from pathlib import Path
from urllib.parse import quote

from jupyterhub.objects import Server


class SocketServer(Server):  # type: ignore[misc]
    """A server whose address in the hub's database is a percent-encoded socket path.

    JupyterHub's own class adds `:80`, which the proxy would take as a part of the path.
    """

    @property
    def host(self) -> str:
        """Scheme and socket path, without a port."""
        return f"{self.proto}://{self.ip}"

    @property
    def url(self) -> str:
        """Address with the server's base path."""
        return f"{self.host}{self.base_url}"


def socket_url(path: Path) -> str:
    """Return the address of the socket `path`, as JupyterHub and the proxy both read it."""
    return f"http+unix://{quote(str(path), safe='').lower()}"
