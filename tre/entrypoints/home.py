"""Owns what the front page and a person's home gather from the rooms, each from a guarded or public service of its own.

Must never decide: what a service refuses is not shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from output_checking.service import listing as outputs
from output_checking.service.counting import release_counts
from tre.data import service as data
from tre.entrypoints.bootstrap import House
from tre.kernel.authz import Action
from tre.people.presenters import StandingView
from tre.people.service.persons import view_standing
from tre.plumbing.unit_of_work import Context, Unit
from tre.projects import service as projects
from tre.projects.domain.states import APPROVED, DRAFT, SUBMITTED, SUSPENDED


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What the front page tells in numbers."""

    projects: int
    organisations: int
    releases: int
    opted_out: str


@dataclass(frozen=True, kw_only=True)
class ProjectCard:
    """One of a person's projects: its state, when it ends, and the one next step (words and address)."""

    project_id: str
    title: str
    state: str
    ends_on: date | None
    step: str
    href: str
    mine: bool


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Something that waits for the person: what, how many, where."""

    text: str
    count: int
    href: str


@dataclass(frozen=True, kw_only=True)
class Home:
    """What a person finds on their home page."""

    standing: StandingView
    cards: Sequence[ProjectCard] = field(default_factory=tuple)
    waiting: Sequence[Waiting] = field(default_factory=tuple)


def figures(ctx: Context) -> Figures:
    """Return the public figures; only what the register publishes goes into them."""
    with ctx.sessions() as session:
        shown = projects.public_projects(session)
        unit = Unit(session=session, actor=ctx.actor, gate=ctx.gate, now=ctx.clock.now(), config=ctx.config)
        releases = release_counts(unit)
        session.rollback()
    known = {one.project_id for one in shown}
    return Figures(
        projects=len(shown),
        organisations=len({one.answers.organisation for one in shown if one.answers.organisation}),
        releases=sum(count for project_id, count in releases.items() if project_id in known),
        opted_out=data.opted_out(ctx),
    )


def home_of(ctx: Context, house: House) -> Home:
    """Return a person's home: their standing, their projects, and what waits for them."""
    return Home(
        standing=view_standing(ctx, ctx.actor.person_id),
        cards=_cards(ctx),
        waiting=tuple(one for one in _waiting(ctx, house) if one is not None),
    )


def _cards(ctx: Context) -> tuple[ProjectCard, ...]:
    if not ctx.actor.member_of:
        return ()
    with ctx.look() as unit:
        found = projects.summaries_of(unit, ctx.actor.member_of)
        against = unit.why_not_each(
            {one: (Action.PROJECTS_PROJECT_VIEW, projects.facts_of(unit, one)) for one in found}
        )
        seen = [one for one in found.values() if not against[one.project_id]]
        return tuple(_card(one, ctx.actor.person_id) for one in sorted(seen, key=_by_urgency))


def _by_urgency(one: projects.Summary) -> tuple[int, str]:
    order = (DRAFT, APPROVED, SUBMITTED, SUSPENDED)
    return (order.index(one.state) if one.state in order else len(order), one.title)


def _card(one: projects.Summary, person_id: str) -> ProjectCard:
    page = f"/projects/{one.project_id}"
    steps = {
        DRAFT: ("Go on with the application", f"{page}/application", one.lead_id == person_id),
        SUBMITTED: ("See who still decides", page, False),
        APPROVED: ("Open the workspace", f"{page}/workspace", True),
        SUSPENDED: ("See why it is suspended", page, False),
    }
    step, href, mine = steps.get(one.state, ("Look at it", page, False))
    return ProjectCard(
        project_id=one.project_id,
        title=one.title,
        state=one.state,
        ends_on=one.ends_on,
        step=step,
        href=href,
        mine=mine,
    )


def _waiting(ctx: Context, house: House) -> Sequence[Waiting | None]:
    roles = ctx.actor.roles
    return (
        _answering(ctx) if ctx.actor.member_of else None,
        _decisions(ctx) if roles & {"admin", "custodian", "lay_reviewer"} else None,
        _checking(ctx, house) if "output_checker" in roles else None,
        _sign_offs(ctx) if roles & {"admin", "custodian"} else None,
        _overdue(ctx) if roles & {"admin", "custodian"} else None,
    )


def _decisions(ctx: Context) -> Waiting:
    return Waiting(
        text="Applications wait for your decision", count=len(projects.list_decisions(ctx)), href="/decisions"
    )


def _sign_offs(ctx: Context) -> Waiting | None:
    count = data.sign_offs_due(ctx)
    return Waiting(text="Loaded versions wait for your sign-off", count=count, href="/versions") if count else None


def _overdue(ctx: Context) -> Waiting | None:
    count = data.overdue_refreshes(ctx)
    return Waiting(text="Projects’ data overdue for people’s choices", count=count, href="/opt-outs") if count else None


def _answering(ctx: Context) -> Waiting | None:
    count = outputs.to_be_answered(ctx)
    return Waiting(text="Release requests that came back to you", count=count, href="/outputs") if count else None


def _checking(ctx: Context, house: House) -> Waiting:
    queue = outputs.queue(ctx, house.outputs)
    return Waiting(text="Requests to check", count=len(queue.mine) + len(queue.free), href="/checking")
