"""Owns the OS accounts that parts run under. Must never give one a password, a home or a shell.

Started as root, each part drops to its own account, so that the portal cannot read the vault and nobody but the policy
server reads its folder. Started by anybody else there is one account, which the health page says.
"""

import grp
import os
import pwd
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

SHARED_GROUP = "tre"  # may open the governance database
MEMBER_OF = {"tre-portal": SHARED_GROUP, "tre-broker": SHARED_GROUP, "tre-opa": "", "tre-idp": ""}
ROOT = "root"


@dataclass(frozen=True)
class Owner:
    """Whom a file belongs to.

    Args:
        account: an account's name, `root`, or one of MEMBER_OF.
        group: a group's name; empty means the account's own.
    """

    account: str = ROOT
    group: str = ""

    def ids(self) -> tuple[int, int]:
        """Return uid and gid; -1 and -1 (leave as it is) when this process may not give files away."""
        if os.geteuid() != 0:
            return -1, -1
        entry = pwd.getpwnam(self.account)
        return entry.pw_uid, grp.getgrnam(self.group).gr_gid if self.group else entry.pw_gid


def make_accounts() -> None:
    """Make the accounts and the shared group where they are missing; as anybody but root, do nothing.

    Raises:
        subprocess.CalledProcessError: the system refused to make one.
    """
    if os.geteuid() != 0:
        return
    if not _exists(grp.getgrnam, SHARED_GROUP):
        _run("groupadd", "--system", SHARED_GROUP)
    for account, group in MEMBER_OF.items():
        if not _exists(pwd.getpwnam, account):
            _run("useradd", "--system", "--user-group", *(["--groups", group] if group else []), "--no-create-home",
                 "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", account)  # fmt: skip


def _exists(look: Callable[[str], object], name: str) -> bool:
    try:
        look(name)
    except KeyError:
        return False
    return True


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
