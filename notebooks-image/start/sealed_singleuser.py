"""Owns the start of the workspace's server inside the sandbox: on a listening socket that it was handed.

Must never bind an address of its own. A server that made its socket in a folder of the session could leave a link to
some other socket there, for the proxy to follow; the socket made outside cannot be exchanged from inside.
"""

import fcntl
import os
import socket
import sys

from jupyter_server.serverapp import ServerApp
from jupyterhub.singleuser import main


def _listen(server: ServerApp) -> bool:
    listener = socket.socket(fileno=int(os.environ.pop("TRE_LISTENER")))
    listener.settimeout(0)
    fcntl.fcntl(listener, fcntl.F_SETFD, fcntl.FD_CLOEXEC)  # kernels must not inherit it
    server.http_server.add_socket(listener)
    return True


def _no_port(_server: ServerApp) -> None:
    """The server looks for a free port before it listens; there is none to look for."""


# The server has no setting for a socket that is already open; these two methods are where it would open its own.
ServerApp._bind_http_server = _listen  # type: ignore[method-assign, assignment]
ServerApp._find_http_port = _no_port  # type: ignore[method-assign, assignment]

sys.exit(main())
