"""What can be done in people: one function a thing. Other rooms call what is named here and nothing else."""

from tre.people.service.command_line import actor_at_command_line
from tre.people.service.persons import names_in, names_of, person_named, standing_of
from tre.people.service.roles import grant_role
from tre.people.service.sign_in import actor_of_session, close_lapsed_sessions
from tre.people.service.stopping import stopped_persons

__all__ = [
    "actor_at_command_line",
    "actor_of_session",
    "close_lapsed_sessions",
    "grant_role",
    "names_in",
    "names_of",
    "person_named",
    "standing_of",
    "stopped_persons",
]
