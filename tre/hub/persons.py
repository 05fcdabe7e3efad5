"""Owns the two paths by which the portal tells the hub of persons: who is to be known, who is shut out. Must never give anybody
a right.

The hub starts nothing for a person it has never seen, and its stock right to add one (`admin:users`) also allows to
change and delete them all. These paths add a person without any right, take back what a person holds, and can do nothing else.
"""

import json
from typing import Any

from jupyterhub import orm
from jupyterhub.apihandlers.base import APIHandler
from jupyterhub.utils import maybe_future
from tornado.web import HTTPError

from tre.kernel.ids import is_person_id

SCOPE = "custom:tre:persons"
PATH = r"/api/tre/persons/([^/]+)"
SHUT_OUT_PATH = r"/api/tre/shut-out"


class PersonHandler(APIHandler):  # type: ignore[misc]
    """PUT /hub/api/tre/persons/PERSON: the hub knows that person; 201 when new, 200 when it did already."""

    async def put(self, name: str) -> None:
        """Make `name` known."""
        if SCOPE not in self.expanded_scopes:
            raise HTTPError(403, "Only the portal makes persons known to the hub.")
        if not is_person_id(name):
            raise HTTPError(400, "That is not a person id.")
        known = self.find_user(name) is not None
        if not known:
            person = self.user_from_username(name)
            self.db.commit()
            await maybe_future(self.authenticator.add_user(person))
        self.set_status(200 if known else 201)
        self.write(json.dumps({"name": name}))


class ShutOutHandler(APIHandler):  # type: ignore[misc]
    """PUT /hub/api/tre/shut-out with a list of persons: these and no others are shut out; answers whom it signed out."""

    async def put(self) -> None:
        """Let nobody of the list sign in, and sign out those that were not on the last one."""
        if SCOPE not in self.expanded_scopes:
            raise HTTPError(403, "Only the portal shuts persons out of the hub.")
        wanted = _persons(self.get_json_body())
        new = wanted - self.authenticator.blocked_users
        self.authenticator.blocked_users = wanted  # first: nobody comes in again between this and the next line
        signed_out = sorted(name for name in new if _sign_out(self.db, name))
        self.write(json.dumps({"signed_out": signed_out}))


def _persons(body: Any) -> set[str]:
    if not isinstance(body, list) or not all(isinstance(one, str) and is_person_id(one) for one in body):
        raise HTTPError(400, "That is not a list of person ids.")
    return set(body)


def _sign_out(db: Any, name: str) -> bool:
    """Make every cookie and token of a person worthless; say whether the hub knows the person.

    The hub's cookie holds nothing but `cookie_id`, by which it finds the person; a workspace's cookie holds a token.
    """
    person = orm.User.find(db, name)
    if person is None:
        return False
    person.cookie_id = orm.new_token()
    for held in (*person.api_tokens, *person.oauth_codes):
        db.delete(held)
    db.commit()
    return True
