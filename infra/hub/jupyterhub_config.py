"""Settings of the hub, read from the environment by `tre.hub.settings`. Must never hold a secret's value in the text."""

# ruff: noqa: F821 -- JupyterHub puts get_config into this file's names
# mypy: disable-error-code="name-defined"

import os
from pathlib import Path

from tre.hub import persons, signin
from tre.hub.address import socket_url
from tre.hub.app import make_folders
from tre.hub.limits import find_limits
from tre.hub.sandbox import HUB_SOCKET
from tre.hub.settings import read_settings
from tre.hub.spawner import SandboxSpawner

settings = read_settings(os.environ)
make_folders(settings)
limits = find_limits()

c = get_config()
c.TreHub.settings = c.SandboxSpawner.settings = settings
c.TreHub.limits = c.SandboxSpawner.limits = limits

# Where it listens, and what browsers call it. Workspaces have one origin per person, never the portal's.
c.JupyterHub.bind_url = f"http://127.0.0.1:{settings.front_port}/workspaces/"
c.JupyterHub.subdomain_host = settings.hub_origin
c.JupyterHub.hub_bind_url = c.JupyterHub.hub_connect_url = socket_url(settings.hub_socket)
c.JupyterHub.hub_socket_mode = 0o666  # the folder it lies in lets only the front account through
c.JupyterHub.db_url = f"sqlite:///{settings.own}/hub.sqlite"
c.JupyterHub.cookie_secret = settings.secret("hub_cookie")
c.JupyterHub.trusted_downstream_ips = []
# Its own pages offer what is refused here.
c.JupyterHub.template_paths = [str(Path(__file__).with_name("templates"))]
c.JupyterHub.template_vars = {"portal": settings.portal_origin}

# The supervisor runs the proxy. It forgets its routes when it dies: a hub that looks every 5 s gives them back.
c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings.proxy_api_port}"
c.ConfigurableHTTPProxy.auth_token = settings.secret("proxy_token")
c.Proxy.extra_routes = {"127.0.0.1/": f"http://127.0.0.1:{settings.portal_port}"}
c.JupyterHub.last_activity_interval = 5
c.JupyterHub.cleanup_proxy = False
c.JupyterHub.cleanup_servers = True  # SIGTERM ends workspaces; a killed hub leaves them to the next one

# Sign-in, silently, through the portal's own provider.
c.JupyterHub.authenticator_class = "generic-oauth"
c.GenericOAuthenticator.client_id = "jupyterhub"
c.GenericOAuthenticator.client_secret = settings.secret("hub_client")
c.GenericOAuthenticator.oauth_callback_url = f"{settings.hub_origin}/workspaces/hub/oauth_callback"
c.GenericOAuthenticator.authorize_url = os.environ.get("TRE_OIDC_AUTHORIZE_URL", f"{settings.issuer}/auth")
c.GenericOAuthenticator.token_url = signin.check_endpoint(
    os.environ.get("TRE_OIDC_TOKEN_URL", f"{settings.issuer}/token")
)
c.GenericOAuthenticator.userdata_from_id_token = True
c.GenericOAuthenticator.scope = ["openid", "profile", "email"]
c.GenericOAuthenticator.username_claim = "sub"
c.GenericOAuthenticator.enable_pkce = True
c.GenericOAuthenticator.basic_auth = True
c.GenericOAuthenticator.extra_authorize_params = {"acr_values": settings.mfa_acr}
c.GenericOAuthenticator.logout_redirect_url = f"{settings.portal_origin}/auth/after-hub-logout"
c.Authenticator.auto_login = True
c.Authenticator.allow_all = True  # whoever the hook below lets through; what they may do is the portal's to decide
c.Authenticator.post_auth_hook = signin.second_factor_hook(settings.issuer, settings.mfa_acr)
c.Authenticator.enable_auth_state = False
c.Authenticator.admin_users = set()

# Who may do what. A person opens what the portal started; nobody is an administrator, nobody mints tokens.
c.JupyterHub.custom_scopes = {
    persons.SCOPE: {"description": "Make persons known to the hub, without any right, and shut them out"}
}
c.JupyterHub.load_roles = [
    {
        "name": "user",
        "description": "opens own workspaces",
        "scopes": [
            "read:users:name!user",
            "read:users:groups!user",
            "users:activity!user",
            "access:servers!user",
        ],
    },
    {
        "name": "portal",
        "description": "starts and stops workspaces after the policy allowed it",
        "scopes": [
            "read:users",
            "list:users",
            "read:servers",
            "start:servers",
            "delete:servers",
            "proxy",
            persons.SCOPE,
        ],
        "services": ["portal"],
    },
]
c.JupyterHub.services = [{"name": "portal", "api_token": settings.secret("hub_portal_token")}]

# Workspaces: one named server per person and project, named after the project.
c.JupyterHub.spawner_class = SandboxSpawner
c.JupyterHub.allow_named_servers = True
c.JupyterHub.named_server_limit_per_user = 20
c.Spawner.hub_connect_url = socket_url(Path(HUB_SOCKET))
c.Spawner.env_keep = []
c.Spawner.default_url = "/lab"
c.Spawner.disable_user_config = True
c.Spawner.start_timeout = 60
c.Spawner.poll_interval = 5
