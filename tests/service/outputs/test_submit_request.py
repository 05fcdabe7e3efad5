"""What may be handed in, by whom, and that nothing is left behind when it may not."""

import io

import pytest
from sqlalchemy.orm import Session, sessionmaker

from output_checking.service.listing import list_requests, queue
from output_checking.service.submitting import Upload, submit_request, withdraw_request
from output_checking.service.viewing import view_file, view_request
from output_checking.tables import FileRow, RequestRow
from tests.factories.outputs import upload, uploads
from tests.fakes.outputs_ports import project
from tests.fixtures.outputs import MakeContext, Outputs, P
from tre.kernel.errors import Invalid, NotFound, NotPermitted, TooLarge

GOOD = b"band,n\na,20\nb,30\n"


def _submit(outputs: Outputs, *given: Upload, title: str = "A", context: str = "B") -> None:
    submit_request(outputs.amina, outputs.desk, project_id=P, title=title, context=context, uploads=given)


def _nothing_stays(outputs: Outputs, sessions: sessionmaker[Session]) -> bool:
    with sessions() as session:
        rows = session.query(RequestRow).count() + session.query(FileRow).count()
    return rows == 0 and not [one for one in outputs.desk.shelf.root.rglob("*") if one.is_file()]


@pytest.mark.parametrize("name", ["../x.csv", "/etc/passwd", "a/../b.csv", "a//b.csv", "a/", "a/.b/c.csv", "1/2/3/4/5/6.csv", "a\\b.csv", "..", "", " ", "a\nb.csv", "a\u202eb.csv", "x" * 200 + ".csv", ".hidden", "a:b.csv", "a.csv "])  # fmt: skip
def test_a_name_that_is_more_than_a_name_is_refused_in_the_files_field(
    outputs: Outputs, sessions: sessionmaker[Session], name: str
) -> None:
    with pytest.raises(Invalid) as error:
        _submit(outputs, upload("ok.csv", GOOD), upload(name, GOOD))
    assert list(error.value.fields) == ["files"]
    assert _nothing_stays(outputs, sessions)


@pytest.mark.parametrize(("title", "context", "fields"), [("", "", {"title", "context"}), ("x" * 121, "B", {"title"}), ("A\nB", "B", {"title"}), ("A", "x" * 5001, {"context"}), ("A\0", "B", {"title"})])  # fmt: skip
def test_texts_are_checked_in_their_own_words(outputs: Outputs, title: str, context: str, fields: set[str]) -> None:
    with pytest.raises(Invalid) as error:
        _submit(outputs, upload("a.csv", GOOD), title=title, context=context)
    assert set(error.value.fields) == fields


def test_no_file_too_many_and_the_same_name_twice_are_refused(outputs: Outputs) -> None:
    for given in ([], [upload(f"{n}.csv", GOOD) for n in range(51)], [upload("a.csv", GOOD), upload("A.CSV", GOOD)]):
        with pytest.raises(Invalid) as error:
            _submit(outputs, *given)
        assert list(error.value.fields) == ["files"]


def test_more_bytes_than_accepted_leave_nothing_behind(outputs: Outputs, sessions: sessionmaker[Session]) -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            self.taken += size
            return b"x" * size

    endless = Endless()
    with pytest.raises(TooLarge, match="16 MiB"):
        _submit(outputs, upload("a.csv", GOOD), Upload(name="b.txt", stream=endless))  # type: ignore[arg-type]
    assert endless.taken <= 18 * 1024**2
    with pytest.raises(TooLarge):
        _submit(outputs, *[upload(f"{n}.txt", b"word " * 3_000_000) for n in range(4)])
    assert _nothing_stays(outputs, sessions)


def test_only_a_member_of_an_approved_project_may_submit(outputs: Outputs, sessions: sessionmaker[Session]) -> None:
    with pytest.raises(NotPermitted) as refused:
        submit_request(outputs.ben, outputs.desk, project_id=P, title="A", context="B", uploads=uploads(a_csv=GOOD))
    assert refused.value.reasons == ("projects.project.not_member",)
    outputs.projects.put(project(state="suspended"))
    with pytest.raises(NotPermitted) as refused:
        _submit(outputs, upload("a.csv", GOOD))
    assert refused.value.reasons == ("projects.project.not_approved",)
    assert _nothing_stays(outputs, sessions)


def test_a_workspace_may_submit_and_look_but_not_withdraw_or_open(outputs: Outputs, context_of: MakeContext) -> None:
    inside = context_of("amina", "researcher", member_of=frozenset({P}), proved_by="session")
    request = submit_request(inside, outputs.desk, project_id=P, title="A", context="B", uploads=uploads(a_csv=GOOD))
    assert [one.request_id for one in list_requests(inside, outputs.desk, project_id=P)] == [request.request_id]
    with pytest.raises(NotPermitted):
        withdraw_request(inside, outputs.desk, request.request_id, version=request.version)
    with pytest.raises(NotPermitted):
        view_file(inside, outputs.desk, request.request_id, request.present.files[0].file_id)


def test_the_same_bytes_twice_lie_on_the_shelf_once(outputs: Outputs) -> None:
    outputs.submit(a_csv=GOOD)
    outputs.submit(b_csv=GOOD)
    kept = [one for one in outputs.desk.shelf.root.rglob("*") if one.is_file()]
    assert len(kept) == 1
    assert kept[0].stat().st_mode & 0o777 == 0o440
    assert kept[0].parent.name == kept[0].name[:2]


def test_others_see_neither_the_request_nor_whether_there_is_one(outputs: Outputs) -> None:
    request = outputs.submit()
    with pytest.raises(NotPermitted):
        view_request(outputs.ben, outputs.desk, request.request_id)
    with pytest.raises(NotPermitted):
        view_file(outputs.ben, outputs.desk, request.request_id, request.present.files[0].file_id)
    with pytest.raises(NotFound):
        view_file(outputs.cara, outputs.desk, request.request_id, "f-none")
    with pytest.raises(NotFound):
        view_request(outputs.cara, outputs.desk, "r-none")
    assert list_requests(outputs.ben, outputs.desk) == ()


def test_the_queue_sorts_by_what_the_checker_can_do(outputs: Outputs) -> None:
    first, second, third = (outputs.submit(a_csv=GOOD), outputs.submit(b_csv=b"band,n\na,3\nb,0\n"), outputs.submit())
    outputs.vote(outputs.cara, first.request_id)
    view_file(outputs.cara, outputs.desk, second.request_id, second.present.files[0].file_id)
    seen = queue(outputs.cara, outputs.desk)
    assert [one.request_id for one in seen.waiting] == [first.request_id]
    assert [(one.request_id, one.findings, one.kinds) for one in seen.mine] == [
        (second.request_id, {"warn": 2}, {"csv": 1})
    ]
    assert [one.request_id for one in seen.free] == [third.request_id]
    assert seen.barred == ()
    as_member = queue(outputs.esme, outputs.desk)
    assert len(as_member.barred) == 3
    assert "member of this project" in as_member.barred[0].why_not_vote[0]
