"""The list of paths that workspaces may ask the hub for."""

import pytest
from tornado.web import Application

from tre.hub.door import Door

DOOR = Door(Application(), prefix="/workspaces")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/workspaces/hub/api"),
        ("GET", "/workspaces/hub/api/"),
        ("GET", "/workspaces/hub/api/user"),
        ("POST", "/workspaces/hub/api/oauth2/token"),
        ("POST", "/workspaces/hub/api/users/amina-2/activity"),
    ],
)
def test_what_a_server_needs_goes_through(method: str, path: str) -> None:
    assert DOOR.lets_through(method, path)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/workspaces/hub/api"),
        ("get", "/workspaces/hub/api/user"),
        ("GET", "/hub/api/user"),
        ("GET", "/workspaces/hub/api/user/"),
        ("GET", "/workspaces/hub/api/user\n"),
        ("GET", "/workspaces/hub/api/users"),
        ("GET", "/workspaces/hub/api/users/amina/activity"),
        ("POST", "/workspaces/hub/api/users//activity"),
        ("POST", "/workspaces/hub/api/users/a/b/activity"),
        ("POST", "/workspaces/hub/api/users/%61mina/activity"),
        ("POST", "/workspaces/hub/api/users/../activity"),
        ("POST", "/x/workspaces/hub/api/oauth2/token"),
        ("POST", "/workspacesXhub/api/oauth2/token"),
        ("GET", ""),
    ],
)
def test_everything_else_does_not(method: str, path: str) -> None:
    assert not DOOR.lets_through(method, path)
