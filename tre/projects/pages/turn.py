"""Owns whose turn a project is and what is asked of them, in words for the reader. Must never decide."""

from dataclasses import dataclass

from tre.kernel.actor import Actor
from tre.kernel.machine import words
from tre.projects.domain.completeness import TABS
from tre.projects.domain.decisions import Seat
from tre.projects.domain.states import APPROVED, CLOSED, DRAFT, REFUSED, SUBMITTED, SUSPENDED
from tre.projects.service import ProjectView


@dataclass(frozen=True, kw_only=True)
class Turn:
    """Whose turn it is, what is asked, what happens next; `mine` when the reader is meant."""

    who: str
    asked: str
    next: str = ""
    mine: bool = False


def turn_of(view: ProjectView, actor: Actor) -> Turn:
    """Return whose turn the project is, seen by `actor`."""
    says = {
        DRAFT: _draft,
        SUBMITTED: _submitted,
        APPROVED: _approved,
        SUSPENDED: _suspended,
        REFUSED: _refused,
        CLOSED: _closed,
    }
    return says[view.project.state](view, actor)


def _draft(view: ProjectView, actor: Actor) -> Turn:
    done = sum(one == "completed" for one in view.progress.values())
    asked = f"Finish the application: {done} of its {len(TABS)} parts {'is' if done == 1 else 'are'} complete."
    if done == len(TABS):
        asked = f"All {len(TABS)} parts are complete: check the answers and send the application."
    lead = view.names.get(view.project.lead_id, "")
    after = "It goes to the custodian of each dataset, an admin and a lay reviewer, who each decide."
    return Turn(
        who=f"{lead} is writing the application", asked=asked, next=after, mine=actor.person_id == view.project.lead_id
    )


def _submitted(view: ProjectView, _actor: Actor) -> Turn:
    waiting = ", ".join(_seat(view, seat) for seat in view.waiting_for)
    after = "After the last yes the data is made ready; any no refuses the application with its reason."
    if view.roles:
        return Turn(who="", asked=f"Decide as {' or '.join(words(one) for one in view.roles)}.", next=after, mine=True)
    return Turn(who="Waiting for decisions", asked=f"Still to decide: {waiting}.", next=after)


def _seat(view: ProjectView, seat: Seat) -> str:
    return (
        f"{view.names.get(seat.person_id, seat.person_id)} ({seat.name})"
        if seat.person_id
        else f"an {seat.name}"
        if seat.name[0] in "aeiou"
        else f"a {seat.name}"
    )


def _approved(view: ProjectView, actor: Actor) -> Turn:
    state = view.snapshot.state
    mine = actor.person_id in view.project.member_ids
    if state == "ready":
        return Turn(
            who="The members are at work",
            asked="Open your workspace; ask for the release of what you want to take out." if mine else "",
            mine=mine,
        )
    if state == "failed":
        return Turn(
            who="The honest broker could not make the data ready",
            asked="An admin or a custodian of the data can order it again.",
        )
    return Turn(
        who="The honest broker is making the data ready",
        asked="Only the approved columns, without those who opted out, under pseudonyms of this project.",
        next="The members can open their workspaces." if not mine else "You can open your workspace.",
    )


def _suspended(view: ProjectView, _actor: Actor) -> Turn:
    return Turn(
        who="The project is suspended", asked=view.project.state_reason, next="An admin lets it go on or closes it."
    )


def _refused(view: ProjectView, actor: Actor) -> Turn:
    own = actor.person_id == view.project.lead_id
    after = "You can begin a new application that answers the reason." if own else ""
    return Turn(who="The application was refused", asked=view.project.state_reason, next=after)


def _closed(view: ProjectView, _actor: Actor) -> Turn:
    return Turn(who="The project is closed", asked=view.project.state_reason)
