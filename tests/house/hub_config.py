"""The product's own settings of the hub, and one service more: the tests' way into workspaces without a browser."""

# ruff: noqa: F821 -- JupyterHub puts get_config and load_subconfig into this file's names
# mypy: disable-error-code="name-defined"

import os
from importlib import import_module
from pathlib import Path

load_subconfig(str(Path(__file__).resolve().parents[2] / "infra/hub/jupyterhub_config.py"))

c = get_config()
token = (Path(os.environ["TRE_STATE"]) / "secrets/probe_token").read_text()
c.JupyterHub.services = [*c.JupyterHub.services, {"name": "probe", "api_token": token}]
c.JupyterHub.load_roles = [
    *c.JupyterHub.load_roles,
    {"name": "probe", "scopes": ["access:servers"], "services": ["probe"]},
]
if os.environ.get("TEST_SPAWNER"):
    module, _, name = os.environ["TEST_SPAWNER"].rpartition(".")
    c.JupyterHub.spawner_class = getattr(import_module(module), name)
