"""Owns how the house is put together from the settings: records, gate, and each room's desk. Must never be imported by a room."""

from dataclasses import dataclass
from datetime import timedelta

from output_checking.service.desk import OutputsDesk
from output_checking.shelf import Shelf
from tre.audit.desk import AuditDesk
from tre.entrypoints.bootstrap import ports
from tre.kernel.actor import Actor
from tre.kernel.clock import Clock, SystemClock
from tre.people import service as people
from tre.people.desk import PeopleDesk
from tre.people.login import Provider
from tre.plumbing.config import Config
from tre.plumbing.db import SessionMaker, make_engine, make_sessions
from tre.plumbing.house import ActorOfSession, Foundations
from tre.policy.opa import policy_server
from tre.projects import service as projects
from tre.projects.service.desk import ProjectsDesk
from tre.register.service import RegisterDesk
from tre.sessions.hub import Hub
from tre.sessions.service import SessionsDesk


@dataclass(frozen=True, kw_only=True)
class House(Foundations):
    """The foundations and the desk of each room, as pages and API find them at `request.app.state.house`."""

    people: PeopleDesk
    projects: ProjectsDesk
    workspaces: SessionsDesk
    outputs: OutputsDesk
    audit: AuditDesk
    register: RegisterDesk


def build_foundations(config: Config, *, clock: Clock | None = None) -> Foundations:
    """Return records, gate and clock; raise `Unavailable` when a secret cannot be read."""
    engine = make_engine(config.database)
    sessions, now = make_sessions(engine), clock or SystemClock()
    return Foundations(
        config=config,
        engine=engine,
        sessions=sessions,
        clock=now,
        gate=policy_server(config),
        actor_of=_actor_finder(config, sessions, now),
    )


def build_house(config: Config, *, clock: Clock | None = None) -> House:
    """Return the whole house for the portal and the session API; nothing is asked of the other parts yet."""
    base = build_foundations(config, clock=clock)
    workspaces = SessionsDesk(
        hub=Hub(config.hub_socket, config.secret("portal_hub_token")), snapshots=ports.Snapshots()
    )
    return House(
        **{name: getattr(base, name) for name in Foundations.__dataclass_fields__},
        people=PeopleDesk(provider=Provider(config), workspaces=ports.LeavingWorkspaces(desk=workspaces)),
        projects=ProjectsDesk(
            catalogue=ports.Catalogue(),
            snapshots=ports.SnapshotOrders(),
            workspaces=ports.LiveWorkspaces(desk=workspaces),
        ),
        workspaces=workspaces,
        outputs=OutputsDesk(shelf=Shelf(config.state / "shelf"), projects=ports.Projects(), people=ports.People()),
        audit=AuditDesk(people=ports.People(), projects=ports.Projects()),
        register=RegisterDesk(figures=ports.Figures()),
    )


def _actor_finder(config: Config, sessions: SessionMaker, clock: Clock) -> ActorOfSession:
    longest = timedelta(hours=config.session_hours)

    def find(sid: str) -> Actor | None:
        return people.actor_of_session(
            sessions, sid, now=clock.now(), longest=longest, projects_of=projects.projects_of
        )

    return find
