"""Who may vote, what a vote needs, what the votes come to, and what one checker sees of another's view."""

import json

import pytest
from sqlalchemy.orm import Session, sessionmaker

from output_checking.service.reviewing import sealed, vote
from output_checking.service.submitting import submit_again, submit_request, withdraw_request
from output_checking.service.viewing import view_file, view_request
from output_checking.tables import VoteRow
from tests.factories.outputs import NHS_NUMBER, inside, uploads
from tests.fixtures.outputs import Outputs, P
from tre.kernel.authz import Action
from tre.kernel.errors import Conflict, IllegalMove, Invalid, NotPermitted
from tre.kernel.facts import RequestFacts
from tre.plumbing.audit_table import AuditRow
from tre.plumbing.unit_of_work import Context

SMALL = b"age_band,n\n20-29,120\n30-39,7\n"


def _reasons(by: Context, outputs: Outputs, request_id: str) -> tuple[str, ...]:
    seen = view_request(outputs.cara, outputs.desk, request_id)
    with pytest.raises(NotPermitted) as refused:
        vote(by, outputs.desk, request_id, view="approve", comment="Yes.", version=seen.version)
    return refused.value.reasons


def test_one_approval_is_not_enough_and_the_same_checker_cannot_give_two(outputs: Outputs) -> None:
    request = outputs.submit()
    assert outputs.vote(outputs.cara, request.request_id).state == "in_review"
    assert _reasons(outputs.cara, outputs, request.request_id) == ("outputs.review.already_voted",)
    assert view_request(outputs.amina, outputs.desk, request.request_id).state == "in_review"


def test_a_checker_who_is_a_member_is_refused_and_told_why_before_trying(outputs: Outputs) -> None:
    request = outputs.submit()
    assert _reasons(outputs.esme, outputs, request.request_id) == ("outputs.review.own_project",)
    shown = view_request(outputs.esme, outputs.desk, request.request_id).why_not_vote
    assert len(shown) == 1
    assert "member of this project" in shown[0]


def test_nobody_votes_on_their_own_request_nor_without_the_role(outputs: Outputs) -> None:
    request = submit_request(
        outputs.esme, outputs.desk, project_id=P, title="A", context="B", uploads=uploads(a_csv=b"n\n20\n30\n")
    )
    assert set(_reasons(outputs.esme, outputs, request.request_id)) == {
        "outputs.review.own_project",
        "outputs.review.own_request",
    }
    assert _reasons(outputs.farah, outputs, request.request_id) == ("people.role.checker_needed",)


def test_own_output_is_refused_even_by_a_gate_that_permits_it(
    outputs: Outputs, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = outputs.submit()
    seen = view_request(outputs.cara, outputs.desk, request.request_id)
    gate = outputs.esme.gate
    yes = gate.decide(
        Action.OUTPUTS_REQUEST_VIEW, outputs.cara.actor, _facts(seen.request_id), now=outputs.cara.clock.now()
    )
    assert yes.allowed
    monkeypatch.setattr(type(gate), "decide", lambda *_, **__: yes)
    with pytest.raises(NotPermitted, match="member of this project"):
        vote(outputs.esme, outputs.desk, seen.request_id, view="approve", comment="", version=seen.version)


def _facts(request_id: str) -> RequestFacts:
    return RequestFacts(request_id=request_id, project_id=P, requester_id="amina", members=("amina",))


@pytest.mark.parametrize(
    ("view", "comment", "field"),
    [("", "x", "view"), ("perhaps", "x", "view"), ("changes", " ", "comment"), ("refuse", "", "comment"), ("approve", "", "comment"), ("changes", "x" * 5001, "comment")],
)  # fmt: skip
def test_a_vote_without_what_it_needs_is_told_in_the_field(
    outputs: Outputs, view: str, comment: str, field: str
) -> None:
    request = outputs.submit(result_csv=SMALL)
    with pytest.raises(Invalid) as error:
        outputs.vote(outputs.cara, request.request_id, view, comment=comment)
    assert list(error.value.fields) == [field]
    assert view_request(outputs.cara, outputs.desk, request.request_id).state == "submitted"


@pytest.mark.parametrize("body", [NHS_NUMBER.encode(), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x00\x01"])
def test_a_blocking_finding_cannot_be_approved_only_sent_back(outputs: Outputs, body: bytes) -> None:
    request = outputs.submit(result_txt=body)
    assert request.why_not_approve
    with pytest.raises(Invalid, match="blocks release"):
        outputs.vote(outputs.cara, request.request_id, comment="Looks fine.")
    assert outputs.vote(outputs.cara, request.request_id, "changes", comment="Remove it.").state == "in_review"


def test_a_form_opened_before_the_files_changed_is_stale(outputs: Outputs) -> None:
    request = outputs.submit()
    seen = view_request(outputs.cara, outputs.desk, request.request_id)
    for checker in (outputs.dev, outputs.fred):
        outputs.vote(checker, request.request_id, "changes", comment="Round it.")
    submit_again(outputs.amina, outputs.desk, request.request_id, title="A", context="B", uploads=uploads(a_csv=SMALL))
    with pytest.raises(Conflict, match="changed since you opened it"):
        vote(outputs.cara, outputs.desk, request.request_id, view="approve", comment="x", version=seen.version)
    with pytest.raises(Conflict):
        vote(outputs.cara, outputs.desk, request.request_id, view="approve", comment="x", version=None)


def test_a_colleagues_vote_does_not_make_a_form_stale(outputs: Outputs) -> None:
    request = outputs.submit()
    seen = outputs.look_at_all(outputs.dev, request.request_id)
    outputs.vote(outputs.cara, request.request_id)
    assert (
        vote(outputs.dev, outputs.desk, request.request_id, view="approve", comment="", version=seen.version).state
        == "released"
    )


def test_the_other_view_is_hidden_until_both_have_voted(outputs: Outputs, sessions: sessionmaker[Session]) -> None:
    request = outputs.submit()
    outputs.vote(outputs.cara, request.request_id, "refuse", comment="Differencing with the June release.")
    for other in (outputs.dev, outputs.amina, outputs.esme, outputs.fred):
        assert view_request(other, outputs.desk, request.request_id).present.votes == ()
    assert [one.view for one in view_request(outputs.cara, outputs.desk, request.request_id).present.votes] == [
        "refuse"
    ]
    with sessions() as session:
        details = [row.detail for row in session.query(AuditRow).filter(AuditRow.name.like("outputs.%"))]
        told = json.loads(next(one for one in details if "sealed" in one))
        assert told["sealed"] == sealed(session.query(VoteRow).one())
    assert not any("refuse" in one or "Differencing" in one for one in details)
    after = outputs.vote(outputs.dev, request.request_id, "approve")
    assert after.is_disputed
    assert [one.view for one in after.present.votes] == ["refuse", "approve"]
    assert view_request(outputs.fred, outputs.desk, request.request_id).present.votes == ()
    assert view_request(outputs.amina, outputs.desk, request.request_id).present.votes == ()


def test_a_third_checker_settles_a_disagreement(outputs: Outputs) -> None:
    request = outputs.submit()
    outputs.vote(outputs.cara, request.request_id, "changes", comment="Round it.")
    assert outputs.vote(outputs.dev, request.request_id).state == "in_review"
    assert outputs.vote(outputs.fred, request.request_id).state == "released"


@pytest.mark.parametrize(("views", "state"), [(("changes", "refuse"), "returned"), (("refuse", "refuse"), "refused")])
def test_two_who_do_not_approve_end_the_round(outputs: Outputs, views: tuple[str, str], state: str) -> None:
    request = outputs.submit()
    outputs.vote(outputs.cara, request.request_id, views[0], comment="First.")
    done = outputs.vote(outputs.dev, request.request_id, views[1], comment="Second.")
    assert done.state == state
    shown = view_request(outputs.amina, outputs.desk, request.request_id).present.votes
    assert [one.comment for one in shown] == ["First.", "Second."]


def test_a_returned_request_goes_on_with_a_new_version_and_all_may_vote_again(outputs: Outputs) -> None:
    request = outputs.submit(result_csv=SMALL)
    for checker in (outputs.cara, outputs.dev):
        outputs.vote(checker, request.request_id, "changes", comment="Merge the bands.")
    better = uploads(result_csv=b"age_band,n\n20-39,127\n40-59,88\n")
    again = submit_again(
        inside(outputs.amina), outputs.desk, request.request_id, title="Merged", context="Bands merged.", uploads=better
    )
    assert (again.state, again.present.number, again.title) == ("submitted", 2, "Merged")
    assert [one.findings for one in again.present.files] == [()]
    assert [one.comment for one in again.rounds[1].votes] == ["Merge the bands."] * 2
    outputs.vote(outputs.cara, request.request_id)
    assert outputs.vote(outputs.dev, request.request_id).manifest is not None


def test_withdrawing_is_for_the_requester_and_only_before_a_decision(outputs: Outputs) -> None:
    request = outputs.submit()
    with pytest.raises(NotPermitted, match="Only the person who made"):
        withdraw_request(outputs.esme, outputs.desk, request.request_id, version=request.version)
    assert (
        withdraw_request(outputs.amina, outputs.desk, request.request_id, version=request.version).state == "withdrawn"
    )
    assert _reasons(outputs.dev, outputs, request.request_id) == ("outputs.request.not_in_review",)
    released = outputs.released()
    with pytest.raises(IllegalMove, match="is released, so it cannot withdraw"):
        withdraw_request(outputs.amina, outputs.desk, released.request_id, version=released.version)
    with pytest.raises(IllegalMove):
        submit_again(
            outputs.amina, outputs.desk, released.request_id, title="A", context="B", uploads=uploads(a_csv=SMALL)
        )


def test_nobody_approves_what_they_have_not_looked_at(outputs: Outputs) -> None:
    request = outputs.submit(a_csv=b"n\n20\n30\n", b_txt=b"Nothing.\n")
    view_file(outputs.cara, outputs.desk, request.request_id, request.present.files[0].file_id)
    with pytest.raises(Invalid, match=r"Not opened yet: 'b.txt'\.$"):
        vote(outputs.cara, outputs.desk, request.request_id, view="approve", comment="x", version=request.version)
    done = vote(
        outputs.cara, outputs.desk, request.request_id, view="changes", comment="Not yet.", version=request.version
    )
    assert done.has_voted
