"""The door out of a workspace, over a real socket: who may knock, what may be handed in, and what it answers to bad input."""

import hashlib
import json
import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from output_checking.service.reviewing import vote
from output_checking.service.viewing import view_request
from tests.fakes.hub import HubFake
from tests.fixtures.outputs_house import Inside
from tests.house.unix_http import UnixConnection
from tre.kernel.clock import SetClock
from tre.projects.service import ProjectsDesk, suspend_project, view_project
from tre.sessions.service import look_at_workspace, stop_workspace

LIBRARY = Path(__file__).parents[3] / "notebooks-image/library"
TABLE = b"age_band,n,mean\n20-29,120,118.2\n30-39,7,121.4\n"


def ask(door: Inside, method: str, target: str, *, token: str | None = None, **sent: Any) -> tuple[int, Any]:
    """Status and JSON of one call."""
    connection = UnixConnection(door.socket)
    headers = {"Authorization": f"Bearer {door.token if token is None else token}", **sent.pop("headers", {})}
    try:
        connection.request(method, target, headers=headers, **sent)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def hand_in(door: Inside, files: Sequence[tuple[str, bytes]], **fields: str) -> tuple[int, Any]:
    """Status and JSON of handing files in."""
    body, content_type = form({"title": "Blood pressure", "context": "By age band.", **fields}, files)
    return ask(door, "POST", "/v1/release-requests", body=body, headers={"Content-Type": content_type})


def form(fields: Mapping[str, str], files: Sequence[tuple[str, bytes]]) -> tuple[bytes, str]:
    """A multipart body and its content type."""
    boundary = uuid.uuid4().hex
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    parts += [(f'name="files"; filename="{name}"', body) for name, body in files]
    lines = [
        f"--{boundary}\r\nContent-Disposition: form-data; {about}\r\n\r\n".encode() + body + b"\r\n"
        for about, body in parts
    ]
    return b"".join(lines) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def test_it_tells_what_the_session_is_about(inside: Inside) -> None:
    status, about = ask(inside, "GET", "/v1/session")
    assert (status, about["project_id"], about["person_id"]) == (200, inside.project_id, "amina")
    assert about["title"] == "Blood pressure by age"
    assert about["snapshot_version"]


def test_files_handed_in_get_findings_and_lie_on_the_shelf(inside: Inside) -> None:
    status, told = hand_in(inside, [("outputs/result.csv", TABLE)])
    assert (status, told["state"], told["whose_turn"]) == (201, "submitted", "output checkers")
    assert told["url"].endswith(f"/outputs/{told['request_id']}")
    (finding,) = told["findings"]
    assert (finding["file"], finding["rule"], finding["row"]) == (
        "outputs/result.csv",
        "small_counts.under_threshold",
        2,
    )
    digest = hashlib.sha256(TABLE).hexdigest()
    assert (inside.house.config.state / "shelf" / digest[:2] / digest).read_bytes() == TABLE
    status, listed = ask(inside, "GET", "/v1/release-requests")
    assert [(one["request_id"], one["whose_turn"]) for one in listed] == [(told["request_id"], "output checkers")]


def test_a_returned_request_gets_a_new_version(inside: Inside) -> None:
    _, told = hand_in(inside, [("result.csv", TABLE)])
    desk, request_id = inside.house.outputs, told["request_id"]
    for checker in ("cara", "dev"):
        version = view_request(inside.as_person(checker), desk, request_id).version
        vote(inside.as_person(checker), desk, request_id, view="changes", comment="Merge.", version=version)
    status, again = hand_in(inside, [("result.csv", b"age_band,n\n20-39,127\n")], request_id=request_id)
    assert (status, again["request_id"], again["round"], again["findings"]) == (201, request_id, 2, [])
    assert hand_in(inside, [("result.csv", TABLE)], request_id="r-none")[0] == 404
    assert hand_in(inside, [("result.csv", TABLE)], request_id=request_id)[0] == 409


@pytest.mark.parametrize("target", ["/v1/session", "/v1/release-requests"])
@pytest.mark.parametrize("token", ["", "guess", "x" * 5000])
def test_no_other_token_opens_it(inside: Inside, target: str, token: str) -> None:
    status, told = ask(inside, "GET", target, token=token)
    assert (status, told["code"]) == (401, "people.not_signed_in")
    assert "open the workspace again" in told["sentence"]


def test_a_token_is_worth_nothing_once_the_session_is_stopped_or_lapsed(inside: Inside, clock: SetClock) -> None:
    clock.move(timedelta(days=2))
    assert hand_in(inside, [("result.csv", TABLE)])[0] == 401
    clock.move(timedelta(days=-2))
    assert ask(inside, "GET", "/v1/session")[0] == 200
    amina, desk = inside.as_person("amina"), inside.house.workspaces
    session = look_at_workspace(amina, desk, inside.project_id).session
    assert session is not None
    stop_workspace(amina, desk, session.session_id)
    assert hand_in(inside, [("result.csv", TABLE)])[0] == 401


def test_a_suspended_project_hands_nothing_in(inside: Inside, joined_desk: ProjectsDesk, hub: HubFake) -> None:
    hub.is_gone = True  # the session's processes may still run for a moment
    admin = inside.as_person("farah")
    version = view_project(admin, joined_desk, inside.project_id).project.version
    suspend_project(admin, joined_desk, inside.project_id, typed={"reason": "An inspection."}, version=version)
    assert hand_in(inside, [("result.csv", TABLE)])[0] == 401


@pytest.mark.parametrize(
    ("name", "word"),
    [("../x.csv", "leads out"), ("/etc/passwd", "leads out"), ("a%22b\tc.csv", "cannot be seen"), ("x" * 300 + ".csv", "too long"), ("a\\..\\b.csv", "leads out")],
)  # fmt: skip
def test_a_bad_name_is_told_in_the_files_field(inside: Inside, name: str, word: str) -> None:
    status, told = hand_in(inside, [("good.csv", TABLE), (name, TABLE)])
    assert status == 422
    assert word in told["fields"]["files"]
    assert ask(inside, "GET", "/v1/release-requests")[1] == []


def test_missing_and_overlong_fields_are_told_each(inside: Inside) -> None:
    status, told = hand_in(inside, [("a.csv", TABLE)], title="", context="x" * 6000)
    assert (status, set(told["fields"])) == (422, {"title", "context"})
    assert hand_in(inside, [])[1]["fields"].keys() == {"files"}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"{}", "application/json"), (b"nonsense", "multipart/form-data; boundary=x"), (b"", "multipart/form-data"), (b"--x\r\n\r\n", "multipart/form-data; boundary=x"), (b"title=a", "application/x-www-form-urlencoded")],
)  # fmt: skip
def test_a_malformed_form_is_a_clear_error(inside: Inside, body: bytes, content_type: str) -> None:
    status, told = ask(inside, "POST", "/v1/release-requests", body=body, headers={"Content-Type": content_type})
    assert status in (400, 422)
    assert told["sentence"]


def test_a_file_sent_as_text_and_a_text_sent_as_file_are_told(inside: Inside) -> None:
    body, content_type = form({"title": "A", "context": "B", "files": "just text"}, [])
    status, told = ask(inside, "POST", "/v1/release-requests", body=body, headers={"Content-Type": content_type})
    assert (status, set(told["fields"])) == (422, {"files"})
    body = body.replace(b'name="title"', b'name="title"; filename="t"')
    status, told = ask(inside, "POST", "/v1/release-requests", body=body, headers={"Content-Type": content_type})
    assert status == 422


def test_an_upload_of_a_gibibyte_is_refused_before_it_is_read(inside: Inside) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": str(1024**3)}
    status, told = ask(inside, "POST", "/v1/release-requests", headers=headers, body=b"--x\r\n")
    assert (status, told["code"]) == (413, "web.body.too_large")
    assert "52.4 MB" in told["sentence"]


def test_an_upload_without_an_announced_length_is_cut_off(inside: Inside) -> None:
    chunks = iter(
        [b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'] + [b"word " * 100_000] * 200
    )
    try:
        status, told = ask(
            inside,
            "POST",
            "/v1/release-requests",
            body=chunks,
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
    except (BrokenPipeError, ConnectionResetError):
        return
    assert (status, told["code"]) == (413, "web.body.too_large")


def test_unknown_paths_and_methods_answer_in_json(inside: Inside) -> None:
    assert ask(inside, "GET", "/")[0] == 404
    assert ask(inside, "GET", "/v1/../secrets")[0] == 404
    assert ask(inside, "DELETE", "/v1/release-requests")[0] == 405
    assert ask(inside, "GET", "/healthz", token="")[0] == 200


def test_the_researchers_library_hands_in_and_says_what_is_too_large(inside: Inside, tmp_path: Path) -> None:
    (tmp_path / "result.csv").write_bytes(TABLE)
    with (tmp_path / "large.txt").open("wb") as large:
        large.truncate(200 * 1024**2)
    assert "A count of 7 is under the threshold" in library(inside, tmp_path, "result.csv")
    assert "NotAccepted" in library(inside, tmp_path, "result.csv", request_id="r-none")
    assert "larger than 52.4 MB" in library(inside, tmp_path, "large.txt")


def library(door: Inside, folder: Path, name: str, **more: str) -> str:
    """What the library prints, run as in a workspace: another program, with the environment that the sandbox gives it."""
    program = f"""
import tre
try:
    print(tre.request_release({name!r}, title='Blood pressure', context='By band.', **{more!r}))
except Exception as error:
    print(type(error).__name__, error)
"""
    environment = {
        "PYTHONPATH": str(LIBRARY),
        "TRE_SESSION_API": str(door.socket),
        "TRE_SESSION_TOKEN": door.token,
        "TRE_WORKSPACE": str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout
