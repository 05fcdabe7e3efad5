"""What Jupyter would hand out by default is off in a workspace, before the front door refuses it once more."""

import pytest
import requests

from tests.house.installation import House, Workspace


@pytest.mark.parametrize(
    ("method", "path", "refused"),
    [("GET", "api/terminals", 404), ("POST", "api/terminals", 404), ("GET", "terminals/1", 404), ("GET", "files/welcome.ipynb", 403),
     ("GET", "nbconvert/html/welcome.ipynb", 403), ("GET", "nbconvert/script/welcome.ipynb?download=true", 403)],
)  # fmt: skip
def test_it_is_off(amina: Workspace, house: House, method: str, path: str, refused: int) -> None:
    headers = {"Host": amina.host, "Authorization": f"token {house.secret('probe_token')}"}
    assert requests.request(method, amina.base + path, headers=headers, timeout=30).status_code == refused
    listed = requests.get(f"{amina.base}api/contents?content=1", headers=headers, timeout=30)
    assert "welcome.ipynb" in [entry["name"] for entry in listed.json()["content"]]


def test_nobody_without_the_right_comes_in(amina: Workspace) -> None:
    for token in ("", "x" * 64, amina.house.secret("hub_portal_token")):
        headers = {"Host": amina.host} | ({"Authorization": f"token {token}"} if token else {})
        assert requests.get(f"{amina.base}api/kernels", headers=headers, timeout=30).status_code == 403


def test_settings_in_the_workspace_are_not_run(house: House) -> None:
    workspace = house.open("hugo", "p-cccccc")
    kernel = workspace.kernel()
    kernel.run(
        "import os\n"
        "settings = \"open('/tmp/taken', 'w').close(); c = get_config(); c.ServerApp.terminals_enabled = True\"\n"
        "for folder in ('/workspace', '/workspace/.jupyter'):\n"
        "    os.makedirs(folder, exist_ok=True)\n"
        "    open(folder + '/jupyter_server_config.py', 'w').write(settings)\n"
        "open('/workspace/sitecustomize.py', 'w').write(settings)\n"
        "open('/workspace/jupyter_server.py', 'w').write(settings)"
    )
    workspace.stop()
    again = house.open("hugo", "p-cccccc")
    fresh = again.kernel()
    there = "import os; print([os.path.exists(path) for path in ('/workspace/jupyter_server_config.py', '/tmp/taken')])"
    assert fresh.run(there).text.strip() == "[True, False]"
    again.stop()
