"""What a finding tells outside of the workspace: kind and place to members, figures to those alone who may look at the file."""

import json

import pytest

from output_checking.domain.checks.files.examine import examine
from output_checking.domain.checks.files.outside import told_outside
from output_checking.presenters import RequestView
from output_checking.service.submitting import submit_request
from output_checking.service.viewing import view_request
from tests.factories.outputs import NHS_NUMBER, PSEUDONYM, inside, uploads
from tests.fixtures.outputs import Outputs
from tre.kernel.authz import plain
from tre.kernel.errors import Invalid
from tre.plumbing.unit_of_work import Context


def _told(request: RequestView) -> str:
    """Everything told of the findings of every version, as one text."""
    return json.dumps([plain(file.findings) for one in request.rounds for file in one.files], sort_keys=True)


def _seen(outputs: Outputs, by: Context, *, count: int) -> str:
    table = f"age_band,n,mean\n20-29,120,118.2\n30-39,{count},121.4\n".encode()
    request = outputs.submit(result_csv=table)
    return _told(view_request(by, outputs.desk, request.request_id))


def test_a_member_outside_cannot_tell_one_small_count_from_another(outputs: Outputs) -> None:
    for member in (outputs.amina, outputs.esme):
        (told,) = {_seen(outputs, member, count=count) for count in (0, 1, 3, 9)}
        (finding,) = json.loads(told)[0]
        assert finding["sentence"] == "A cell that looks like a count is under the threshold of 10 persons."
        assert (finding["row"], finding["column"], finding["figures"]) == (2, "", {})


def test_a_checker_and_the_workspace_it_came_from_see_the_figures(outputs: Outputs) -> None:
    other = inside(outputs.esme)
    for reader in (outputs.cara, inside(outputs.amina)):
        assert "A count of 7 is under the threshold" in _seen(outputs, reader, count=7)
    assert "A count of 7" not in _seen(outputs, other, count=7)


def test_the_figures_are_told_once_released_to_those_with_the_right_alone(outputs: Outputs) -> None:
    released = outputs.released(result_csv=b"age_band,n\n20-29,120\n30-39,7\n")
    assert "A count of 7" in _told(view_request(outputs.amina, outputs.desk, released.request_id))
    assert "A count of 7" not in _told(view_request(outputs.esme, outputs.desk, released.request_id))


@pytest.mark.parametrize("word", ["Sarah", "43", "17"])
def test_no_word_of_a_file_is_told(word: str) -> None:
    for body in (
        f"band,n\n{word},3\n",
        f'"{word},3\n',
        f"a,b\n1.5,2.5,{word}\n",
        f"dob: 12/03/1956 {word} {NHS_NUMBER}",
    ):
        for finding in examine("a.csv", body.encode(), threshold=10).findings:
            told = told_outside(finding.rule, threshold=10, remedy=finding.remedy)
            assert word not in told.sentence + told.remedy


@pytest.mark.parametrize("text", [NHS_NUMBER, PSEUDONYM, "dob: 12/03/1956"])
@pytest.mark.parametrize("field", ["title", "context"])
def test_title_and_context_name_nobody(outputs: Outputs, field: str, text: str) -> None:
    fields = {"title": "Means", "context": "By band."} | {field: f"Of {text}"}
    with pytest.raises(Invalid) as refused:
        submit_request(
            outputs.amina, outputs.desk, project_id="p-aaaaaa", uploads=uploads(a_csv=b"band,mean\na,1.5\n"), **fields
        )
    assert list(refused.value.fields) == [field]
