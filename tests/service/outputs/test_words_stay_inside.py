"""The researcher's own words on a request (title, context, names of files and columns) leave as its files do: after the checkers.

Each holds a result in words. It is looked for in everything that the members of the project are given outside.
"""

import json

import pytest

from output_checking.presenters import RequestView
from output_checking.service.listing import list_requests, queue
from output_checking.service.submitting import submit_again, submit_request, withdraw_request
from output_checking.service.viewing import view_request
from tests.factories.outputs import inside, uploads
from tests.fixtures.outputs import Outputs, P
from tre.kernel.authz import plain
from tre.plumbing.unit_of_work import Context

RESULT = "everybody over eighty died"
NAMED = f"{RESULT}_csv".replace(" ", "-")
TABLE = f"band,{RESULT}\n20-29,120\n30-39,7\n".encode()


def _submit(outputs: Outputs) -> str:
    made = submit_request(
        inside(outputs.amina), outputs.desk, project_id=P, title=f"T: {RESULT}", context=f"C: {RESULT}",
        uploads=uploads(**{NAMED: TABLE, "blocked_csv": f"born,n\n{RESULT} born on 12/03/1956,30\n".encode()}),
    )  # fmt: skip
    return made.request_id


def _given(outputs: Outputs, by: Context, request_id: str) -> str:
    """Everything that a person is given on requests, as one text."""
    whole = [view_request(by, outputs.desk, request_id), list_requests(by, outputs.desk)]
    if "output_checker" in by.actor.roles:
        whole.append(queue(by, outputs.desk))
    return json.dumps(plain(whole)).replace("-", " ")


def _members(outputs: Outputs) -> tuple[Context, Context]:
    return outputs.amina, outputs.esme


@pytest.mark.parametrize("ended", ["", "changes", "refuse", "withdraw"])
def test_nothing_of_it_is_told_outside_unless_it_is_released(outputs: Outputs, ended: str) -> None:
    request_id = _submit(outputs)
    if ended == "withdraw":
        withdraw_request(outputs.amina, outputs.desk, request_id, version=1)
    elif ended:
        outputs.vote(outputs.cara, request_id, ended, comment="No.")
        outputs.vote(outputs.dev, request_id, ended, comment="No.")
    for member in _members(outputs):
        given = _given(outputs, member, request_id)
        assert RESULT not in given
        assert f"Release request {request_id}".replace("-", " ") in given
        assert "File 2 has a finding that blocks release." in given


def test_checkers_of_no_project_of_theirs_and_the_workspace_read_it(outputs: Outputs) -> None:
    request_id = _submit(outputs)
    for reader in (outputs.cara, inside(outputs.amina)):
        for words in (f"T: {RESULT}", f"C: {RESULT}", f"{RESULT}.csv"):
            assert words in _given(outputs, reader, request_id)


def test_a_release_tells_the_words_that_were_checked_and_no_earlier_ones(outputs: Outputs) -> None:
    request_id = _submit(outputs)
    for checker in (outputs.cara, outputs.dev):
        outputs.vote(checker, request_id, "changes", comment="Say less.")
    safe = uploads(means_csv=b"band,n\n20-29,120\n30-39,97\n")
    submit_again(
        inside(outputs.amina), outputs.desk, request_id, title="Counts by band", context="All large.", uploads=safe
    )
    for member in _members(outputs):
        assert "Counts by band" not in _given(outputs, member, request_id)
    for checker in (outputs.cara, outputs.dev):
        outputs.vote(checker, request_id, comment="Fine.")
    for member in _members(outputs):
        given = _given(outputs, member, request_id)
        assert RESULT not in given, "the first version was sent back, and stays inside"
        assert all(words in given for words in ("Counts by band", "All large.", "means.csv"))


def test_what_was_altered_after_its_release_is_not_told_any_more(outputs: Outputs) -> None:
    released = outputs.released()
    assert _title(outputs, released) == "Blood pressure by age"
    sha256 = released.present.files[0].sha256
    kept = outputs.desk.shelf.root / sha256[:2] / sha256
    kept.chmod(0o640)
    kept.write_bytes(b"else")
    assert _title(outputs, released) == f"Release request {released.request_id}"


def _title(outputs: Outputs, request: RequestView) -> str:
    return view_request(outputs.amina, outputs.desk, request.request_id).title
