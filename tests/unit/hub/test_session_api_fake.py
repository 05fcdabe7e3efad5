"""The tests' session API answers in the real one's forms."""

import http.client
import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.session_api import FakeSessionApi
from tests.house.unix_http import UnixConnection
from tre.entrypoints.session_api import About, Accepted, Standing
from tre.kernel.errors import Invalid
from tre.plumbing.http_errors import as_json

BOUNDARY = "b"
FORM = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="title"\r\n\r\n{{title}}\r\n'
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\nn\n1\n\r\n--{BOUNDARY}--\r\n'
)


@pytest.fixture
def socket() -> Iterator[Path]:
    """The socket of a running fake."""
    folder = Path(tempfile.mkdtemp(prefix="tre-"))
    api = FakeSessionApi(folder / "s.sock")
    api.start()
    yield folder / "s.sock"
    api.stop()
    shutil.rmtree(folder)


def _ask(
    socket: Path, method: str, target: str, *, title: str = "", token: str = "session-token-of-amina"
) -> tuple[int, Any]:
    connection = UnixConnection(socket)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    try:
        connection.request(method, target, body=FORM.format(title=title) if method == "POST" else None, headers=headers)
        answer: http.client.HTTPResponse = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_answers_have_the_real_fields(socket: Path) -> None:
    about = _ask(socket, "GET", "/v1/session")[1]
    assert About(**about).model_dump() == about
    status, accepted = _ask(socket, "POST", "/v1/release-requests", title="small counts")
    assert status == 201
    assert Accepted(**accepted).model_dump() == accepted
    listed = _ask(socket, "GET", "/v1/release-requests")[1]
    assert [Standing(**one).model_dump() for one in listed] == listed


def test_refusals_have_the_real_fields(socket: Path) -> None:
    real = set(as_json(Invalid({"title": "Say it."}, code="x")))
    status, refused = _ask(socket, "POST", "/v1/release-requests", title="")
    assert (status, set(refused)) == (422, real)
    status, refused = _ask(socket, "GET", "/v1/session", token="other")
    assert (status, set(refused)) == (401, real)
