"""From practice on made-up data nothing is handed in: the door says why, and behind it there is no project to hand in to."""

import io

import pytest

from output_checking.service.submitting import Upload, submit_request
from tests.fakes.hub import HubFake
from tests.fixtures.outputs_house import Inside
from tests.service.outputs.test_session_api import TABLE, ask, form
from tre.kernel.errors import NotFound
from tre.kernel.ids import PRACTICE
from tre.sessions.service import open_practice


@pytest.fixture
def token(inside: Inside, hub: HubFake) -> str:
    """The token of Amina's practice workspace, open beside her project's."""
    open_practice(inside.as_person("amina"), inside.house.workspaces, "nhanes")
    assert hub.plans[-1].project_id == PRACTICE
    return hub.plans[-1].session_token


def test_it_is_told_what_the_session_is(inside: Inside, token: str) -> None:
    status, about = ask(inside, "GET", "/v1/session", token=token)
    assert (status, about["project_id"], about["title"]) == (200, PRACTICE, "Practice with made-up data")
    assert about["snapshot_version"] == "nhanes, made-up 1"


@pytest.mark.parametrize("earlier", ["", "r-aaaaaa"])
def test_nothing_is_handed_in_and_the_refusal_says_why(inside: Inside, token: str, earlier: str) -> None:
    fields = {"title": "t", "context": "c"} | ({"request_id": earlier} if earlier else {})
    body, content_type = form(fields, [("result.csv", TABLE)])
    sent = {"body": body, "headers": {"Content-Type": content_type}}
    status, told = ask(inside, "POST", "/v1/release-requests", token=token, **sent)
    assert (status, told["code"]) == (403, "sessions.practice.nothing_leaves")
    assert "Copy your code into your project's workspace" in told["sentence"]
    assert not list((inside.house.config.state / "shelf").rglob("*.csv"))
    assert ask(inside, "GET", "/v1/release-requests", token=token) == (200, [])


def test_output_checking_knows_no_such_project(inside: Inside) -> None:
    upload = Upload(name="result.csv", stream=io.BytesIO(TABLE))
    with pytest.raises(NotFound):
        submit_request(
            inside.as_person("amina"),
            inside.house.outputs,
            project_id=PRACTICE,
            uploads=[upload],
            title="t",
            context="c",
        )
