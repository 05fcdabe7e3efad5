"""A list shows exactly what the single check permits, over generated persons and requests."""

import json
import random
from itertools import product

from sqlalchemy.orm import Session, sessionmaker

from output_checking.domain.states import State
from output_checking.service.listing import list_requests, queue
from output_checking.service.viewing import view_request
from output_checking.tables import RequestRow
from tests.factories.events import events_named
from tests.fakes.outputs_ports import project
from tests.fixtures.outputs import MakeContext, Outputs
from tre.kernel.errors import NotPermitted
from tre.plumbing.unit_of_work import Context

ROLES = ("researcher", "output_checker", "admin", "custodian")
IDS = ("p-aaaaaa", "p-bbbbbb", "p-cccccc")


def test_no_difference_between_list_and_check(outputs: Outputs, context_of: MakeContext) -> None:
    chance = random.Random(20261123)
    rows = {outputs.submit().request_id: (state, chance.choice(IDS)) for state, _ in product(State, range(3))}
    for project_id in IDS:
        outputs.projects.put(project(project_id, members=("amina",)))
    with outputs.amina.sessions() as session:
        for row in session.query(RequestRow):
            row.state, row.project_id = rows[row.id]
        session.commit()
    for number in range(12):
        roles = chance.sample(ROLES, chance.randint(0, 3))
        member_of = frozenset(chance.sample(IDS, chance.randint(0, 2)))
        ctx = context_of(f"person-{number}", *roles, member_of=member_of)
        permitted = {one for one in rows if _may_view(ctx, outputs, one)}
        mine = {one.request_id for one in list_requests(ctx, outputs.desk)}
        assert mine == {one for one in permitted if rows[one][1] in member_of}
        piles = queue(ctx, outputs.desk)
        waiting = {one.request_id for pile in (piles.mine, piles.free, piles.waiting, piles.barred) for one in pile}
        assert waiting == {one for one in permitted if rows[one][0] in (State.SUBMITTED, State.IN_REVIEW)}
        assert {one.request_id for one in piles.free} == {
            one for one in waiting if not view_request(ctx, outputs.desk, one).why_not_vote
        }


def _may_view(ctx: Context, outputs: Outputs, request_id: str) -> bool:
    try:
        view_request(ctx, outputs.desk, request_id)
    except NotPermitted:
        return False
    return True


def test_the_record_of_a_list_names_the_policy_revision(outputs: Outputs, sessions: sessionmaker[Session]) -> None:
    list_requests(outputs.amina, outputs.desk)
    queue(outputs.cara, outputs.desk)
    told = [json.loads(one.decision) for one in events_named(sessions, "outputs.request.listed")]
    assert len(told) == 2
    assert all(one["allowed"] and one["revision"] for one in told)
