"""Settings of the workspace's server. These are for comfort and clarity: a researcher's code can undo whatever holds
inside its own sandbox, so the front door refuses the same things again from outside.
"""

# ruff: noqa: F821 -- Jupyter puts get_config into this file's names
# mypy: disable-error-code="name-defined"

from jupyter_server.auth import Authorizer
from tornado.web import ErrorHandler

NOT_IN_A_WORKSPACE = ("nbconvert", "terminals")


class WorkspaceAuthorizer(Authorizer):
    """Lets the person do everything but convert notebooks for download and open terminals."""

    def is_authorized(self, handler: object, user: object, action: str, resource: str) -> bool:  # noqa: ARG002
        """Say whether `action` on `resource` is one of those a workspace has."""
        return resource not in NOT_IN_A_WORKSPACE


c = get_config()
c.ServerApp.terminals_enabled = False
# What is not offered is not loaded: a workspace opens sooner.
c.ServerApp.jpserver_extensions = {"jupyter_lsp": False, "jupyter_server_terminals": False, "notebook_shim": False}
c.ServerApp.authorizer_class = WorkspaceAuthorizer
c.LabApp.extension_manager = "readonly"  # there is nowhere to get one from
c.FileContentsManager.files_handler_class = ErrorHandler
c.FileContentsManager.files_handler_params = {"status_code": 403}
c.FileContentsManager.always_delete_dir = True
