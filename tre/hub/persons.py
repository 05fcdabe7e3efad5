"""Owns the one path by which the portal makes a person known to the hub. Must never give anybody a right.

The hub starts nothing for a person it has never seen, and its stock right to add one (`admin:users`) also allows to
change and delete them all. This path adds a person without any right and can do nothing else.
"""

import json

from jupyterhub.apihandlers.base import APIHandler
from jupyterhub.utils import maybe_future
from tornado.web import HTTPError

from tre.kernel.ids import is_person_id

SCOPE = "custom:tre:persons"
PATH = r"/api/tre/persons/([^/]+)"


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
