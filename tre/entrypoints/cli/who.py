"""Owns which person stands at the broker's command line: the account of the machine that they work under. Must never trust a word.

A person of their own account is that account's; whoever came by `sudo` to root's or the broker's account is who `sudo` says.
Root without `sudo` is nobody, and the variables of `sudo` count for nothing where the process is anybody else's.
"""

import os
import pwd
from collections.abc import Mapping

from tre.entrypoints.bootstrap.house import build_foundations
from tre.kernel.errors import NotPermitted
from tre.people import service as people
from tre.plumbing.config import Config
from tre.plumbing.unit_of_work import Context
from tre.projects import service as projects

BROKER_ACCOUNT = "tre-broker"
_NOBODY = ("people.command_line.nobody",)


def context_here(config: Config, *, stands_for: str = "") -> Context:
    """Return the context of the person at this command line.

    Args:
        stands_for: in a demonstration alone, the made-up person to act as.

    Raises:
        NotPermitted: the account stands for nobody, or `stands_for` is given outside of a demonstration.
    """
    base = build_foundations(config)
    if stands_for and config.mode != "demo":
        raise NotPermitted(_NOBODY, sentences=("Only a demonstration lets one act as somebody else.",))
    person_id = stands_for or _person_of(account_here(os.environ), config)
    actor = people.actor_at_command_line(base.sessions, person_id, projects_of=projects.projects_of)
    return base.context(actor)


def account_here(environment: Mapping[str, str]) -> str:
    """Return the login name of whoever runs this; raise `NotPermitted` where that cannot be told."""
    login = _login(os.getuid())
    if login not in {"root", BROKER_ACCOUNT}:
        return login
    behind = environment.get("SUDO_UID", "")
    login = _login(int(behind)) if behind.isdecimal() else ""
    if login in {"", "root", BROKER_ACCOUNT}:
        sentence = (
            "Root and the broker's account are nobody in particular: run this by sudo from an account of your own."
        )
        raise NotPermitted(_NOBODY, sentences=(sentence,))
    return login


def _person_of(login: str, config: Config) -> str:
    pairs = (one.strip().partition("=") for one in config.broker_accounts.split(",") if one.strip())
    known = {account: person for account, _, person in pairs}
    if login not in known:
        sentence = f"The account {login} stands for nobody here. The operator names it in TRE_BROKER_ACCOUNTS."
        raise NotPermitted(_NOBODY, sentences=(sentence,))
    return known[login]


def _login(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""
