"""Owns the demonstration's set-up acts on loaded data: the two sign-offs, each by a named made-up person, through the service.

Must never put a version in use by itself: the gate is asked, the record written, as for anybody.
"""

from tre.data import service as data
from tre.entrypoints.bootstrap.house import build_foundations
from tre.kernel.actor import Actor
from tre.plumbing.config import Config

LOADER = Actor(person_id="gwen", name="Gwen Pritchard", roles=frozenset({"custodian"}), proved_by="sign-in")
SECOND = Actor(person_id="farah", name="Farah Haddad", roles=frozenset({"admin"}), proved_by="sign-in")


def sign_off_all(config: Config) -> tuple[str, ...]:
    """Sign every version that waits, first as its loader, then as another person; return `dataset version` of each."""
    house = build_foundations(config)
    loader, second = house.context(LOADER), house.context(SECOND)
    done = []
    for one in data.list_versions(second).versions:
        if one.state == "loaded":
            data.sign_version(loader, one.dataset_id, one.version)
        if one.state in {"loaded", "signed"}:
            data.accept_version(second, one.dataset_id, one.version)
            done.append(f"{one.dataset_id} {one.version}")
    house.close()
    return tuple(done)
