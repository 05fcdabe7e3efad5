"""A session sees its project's snapshot, its own workspace, the system's programs, and no other file of this machine."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house.installation import House, Workspace

Run = Callable[[str], str]

LOOK = """
import os
def look(path):
    try:
        os.stat(path)
    except OSError as error:
        return type(error).__name__
    try:
        return "listed" if os.path.isdir(path) and os.listdir(path) is not None else "read " + str(len(open(path, "rb").read(1)))
    except OSError as error:
        return type(error).__name__
"""
WRITE = """
import errno
def write(path):
    try:
        open(path, "w").close()
        return "written"
    except OSError as error:
        return errno.errorcode[error.errno]
"""
REFUSED = ("FileNotFoundError", "PermissionError")


def test_the_machines_passwords_are_not_there(inside: Run, outside: Run) -> None:
    assert outside("import os; print(os.path.exists('/etc/shadow'))") == "True"
    assert inside(f"{LOOK}\nprint(look('/etc/shadow'))") == "FileNotFoundError"
    assert inside(f"{LOOK}\nprint(look('/etc/passwd'))") == "read 1"


@pytest.mark.parametrize(
    "path",
    [
        "hub/hub.sqlite",
        "secrets/hub_cookie",
        "secrets/plan_key",
        "secrets/hub_portal_token",
        "run/hub/hub.sock",
        "db",
        "logs",
    ],
)
def test_the_installations_secrets_are_not_there(inside: Run, house: House, path: str) -> None:
    target = house.state / path
    (house.state / "db").mkdir(exist_ok=True)
    assert target.exists()
    assert inside(f"{LOOK}\nprint(look({str(target)!r}))") == "FileNotFoundError"


def test_another_projects_data_and_workspace_are_not_there(inside: Run, outside: Run, ben: Workspace) -> None:
    for path in (ben.house.state / "snapshots" / ben.project / "1/manifest.json", _workspace(ben)):
        assert outside(f"{LOOK}\nprint(look({str(path)!r}))") in ("listed", "read 1")
        assert inside(f"{LOOK}\nprint(look({str(path)!r}))") == "FileNotFoundError"


def test_another_persons_workspace_is_not_there(inside: Run, outside: Run, esme: Workspace) -> None:
    note = _workspace(esme) / "private.txt"
    kernel = esme.kernel()
    assert kernel.run("print(open('/workspace/private.txt', 'w').write('hers'))").text.strip() == "4"
    kernel.close()
    assert outside(f"{LOOK}\nprint(look({str(note)!r}))") == "read 1"
    assert inside(f"{LOOK}\nprint(look({str(note)!r}))") == "FileNotFoundError"
    assert inside(f"{LOOK}\nprint(look('/workspace/private.txt'))") == "FileNotFoundError"


@pytest.mark.parametrize(
    "path", ["/root", "/home", "/srv", "/mnt", "/media", "/boot", "/sys", "/var/lib", "/var/log", "/usr/local"]
)
def test_the_rest_of_the_machine_is_not_there(inside: Run, path: str) -> None:
    seen = inside(f"{LOOK}\nprint(look({path!r}), os.listdir({path!r}) if os.path.isdir({path!r}) else '')")
    assert seen in ("FileNotFoundError", "listed []", "listed ['researcher']")


@pytest.mark.parametrize(
    "path",
    ["/data/new", "/data/views.duckdb", "/data/tables/visits.parquet", "/usr/bin/new", "/etc/new", "/etc/passwd", "/new",
     "/run/new", "/run/hub/new", "/run/tre/new", "/opt/tre/library/tre/new.py", "/opt/tre/start/sealed_singleuser.py",
     "/etc/jupyter/new", "/proc/sys/kernel/hostname", "/usr/local/new"],
)  # fmt: skip
def test_nothing_but_the_workspace_is_written(inside: Run, path: str) -> None:
    assert inside(f"{WRITE}\nprint(write({path!r}))") in ("EROFS", "EACCES", "EPERM", "ENOENT")
    assert inside(
        f"{WRITE}\nprint([write(folder + '/new') for folder in ('/workspace', '/tmp', '/home/researcher')])"
    ) == ("['written', 'written', 'written']")


def test_the_python_environment_is_not_written(inside: Run, house: House) -> None:
    assert (
        inside(f"{WRITE}\nimport sys\nprint(write(sys.prefix + '/new'), sys.prefix)")
        == f"EROFS {house.places.notebook}"
    )


def test_data_cannot_be_opened_up_by_its_modes(inside: Run, house: House) -> None:
    tried = inside(
        "import os, errno\n"
        "def refused(act, *arguments):\n"
        "    try:\n        act(*arguments); return 'done'\n"
        "    except OSError as error:\n        return errno.errorcode[error.errno]\n"
        "print(refused(os.chmod, '/data', 0o777), refused(os.unlink, '/data/manifest.json'), "
        "refused(os.rename, '/data/tables', '/data/other'), refused(os.utime, '/data/manifest.json'))"
    )
    assert set(tried.split()) == {"EROFS"}
    assert (house.state / "snapshots/p-aaaaaa/1/manifest.json").exists()


def test_a_link_in_the_workspace_leads_nowhere_outside(inside: Run, outside: Run, amina: Workspace) -> None:
    secret = amina.house.state / "secrets/plan_key"
    link = _workspace(amina) / "link"
    inside(f"import os; os.symlink({str(secret)!r}, '/workspace/link')")
    assert inside(f"{LOOK}\nprint(look('/workspace/link'))") == "FileNotFoundError"
    assert outside(f"{LOOK}\nprint(look({str(link)!r}))") == "read 1"


def test_what_the_server_inherited_leads_nowhere(inside: Run) -> None:
    """Descriptors left open by the hub would be doors around every wall."""
    found = inside(
        "import glob, os\n"
        "seen = set()\n"
        "for link in glob.glob('/proc/[0-9]*/fd/*'):\n"
        "    try:\n        target = os.readlink(link)\n    except OSError:\n        continue\n"
        "    if target.startswith('/') and not target.startswith(('/dev/', '/proc/', '/workspace', '/home/researcher', '/tmp', '/data')):\n"
        "        seen.add(os.path.basename(target))\n"
        "print(sorted(seen))"
    )
    assert found in ("[]", "['server.log']")
    opened = inside(
        "try:\n    open('/proc/1/fd/1', 'a'); print('opened')\nexcept OSError as error:\n    print(type(error).__name__)"
    )
    assert opened in REFUSED


def _workspace(workspace: Workspace) -> Path:
    return workspace.house.state / "workspaces" / workspace.project / workspace.person
