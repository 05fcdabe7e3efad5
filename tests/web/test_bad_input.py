"""Whatever is sent: a clear sentence, nothing half-written, never a 500."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.factories.certificates import PDF, SCRIPT
from tests.factories.events import event_names
from tests.fixtures.portal import Browse
from tests.house.portal import Portal, Visitor

TRAINING = {
    "course": "Safe researcher",
    "issuer": "Institute",
    "completed_on-day": "5",
    "completed_on-month": "1",
    "completed_on-year": "2026",
    "expires_on-day": "5",
    "expires_on-month": "1",
    "expires_on-year": "2029",
}


@pytest.fixture
def amina(browse: Browse) -> Visitor:
    visitor = browse("amina")
    visitor.get("/standing/training")
    return visitor


def test_training_is_recorded(amina: Visitor) -> None:
    answer = amina.post("/standing/training", TRAINING, files={"certificate": ("c.pdf", PDF)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/standing")
    page = amina.get("/standing")
    assert "Your training is recorded." in page.text
    assert "Your training is recorded." not in amina.get("/standing").text, "it is said once"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"completed_on-day": "31", "completed_on-month": "2"},
            "The date you completed the course must be a real date",
        ),
        ({"completed_on-year": ""}, "The date you completed the course must include a year."),
        ({"completed_on-year": "2030"}, "The date you completed the course must be today or in the past."),
        ({"expires_on-day": "x"}, "The date the training expires must be a real date"),
        ({"course": ""}, "Enter the name of the course."),
        ({"course": "x" * 300}, "Shorten the name of the course to 200 characters: it has 300."),
    ],
)
def test_each_fault_stands_beside_its_field(
    amina: Visitor, change: dict[str, str], sentence: str, sessions: sessionmaker[Session]
) -> None:
    before = event_names(sessions)
    page = amina.post("/standing/training", TRAINING | change, files={"certificate": ("c.pdf", PDF)})
    assert page.status_code == 422
    assert page.text.count(sentence) == 2, "once above the form, once beside the field"
    assert "<title>Error: Record training" in page.text
    assert 'value="Institute"' in page.text, "what was typed is still there"
    assert event_names(sessions) == before


def test_a_file_that_is_no_certificate(amina: Visitor) -> None:
    page = amina.post("/standing/training", TRAINING, files={"certificate": ("../../etc/cron.d/x.pdf", SCRIPT)})
    assert page.status_code == 422
    assert "must be a whole PDF, PNG or JPEG file" in page.text


def test_a_name_with_dots_is_only_a_name(amina: Visitor, portal: Portal) -> None:
    answer = amina.post("/standing/training", TRAINING, files={"certificate": ("../../../tmp/x.pdf", PDF)})
    assert answer.status_code == 303
    (stored,) = (portal.house.config.state / "certificates").iterdir()
    assert len(stored.name) == 64


def test_certificate_comes_back_only_as_a_download(amina: Visitor) -> None:
    amina.post("/standing/training", TRAINING, files={"certificate": ("c.pdf", PDF)})
    link = next(part for part in amina.get("/standing").text.split('"') if part.endswith("/certificate"))
    answer = amina.get(link)
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_field_longer_than_any_form_takes(amina: Visitor) -> None:
    page = amina.post("/standing/terms", {"terms_version": "x" * 60_000})
    assert page.status_code == 422
    assert "has 60,000 characters; the most accepted is 50,000" in page.text


def test_a_gigabyte_is_refused_before_it_is_read(amina: Visitor, portal: Portal) -> None:
    read = 0

    def gigabyte() -> Iterator[bytes]:
        nonlocal read
        for _ in range(1024):
            read += 1
            yield b"x" * 1024**2

    headers = {"content-type": "multipart/form-data; boundary=b", "content-length": str(1024**3)}
    page = amina.client.post("/standing/training", content=gigabyte(), headers=headers)
    assert page.status_code == 413
    assert "larger than 52.4 MB, the most accepted here" in page.text


def test_a_body_that_hides_its_length_is_refused_at_the_limit(amina: Visitor) -> None:
    def endless() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="certificate"; filename="x"\r\n\r\n'
        for _ in range(60):
            yield b"x" * 1024**2

    headers = {"content-type": "multipart/form-data; boundary=b"}
    assert amina.client.post("/standing/training", content=endless(), headers=headers).status_code == 413


def test_a_plain_form_may_be_a_megabyte(amina: Visitor) -> None:
    assert amina.client.post("/standing/terms", data={"a": "x" * 2_000_000}).status_code == 413


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"--b\r\nnonsense", "multipart/form-data; boundary=b"),
        (b"", "multipart/form-data"),
        (b'{"a": 1}', "application/json"),
        (b"a=1&" * 3000, "application/x-www-form-urlencoded"),
    ],
)
def test_malformed_bodies(amina: Visitor, content: bytes, kind: str) -> None:
    answer = amina.client.post("/standing/terms", content=content, headers={"content-type": kind})
    assert 400 <= answer.status_code < 500, answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/nothing-here",
        "/people/../../etc/passwd",
        "/people/%2e%2e%2fetc",
        "/people/%00",
        "/people/" + "x" * 5000,
        "/people/amina/training/nope/certificate",
        "/audit?page=-1",
        "/audit?page=99999999999999999999",
        "/audit?since-day=31&since-month=2&since-year=2026",
        "/audit?about=%00",
        "/people?words=%00%ff",
    ],
)
def test_odd_addresses(browse: Browse, path: str) -> None:
    answer = browse("farah").get(path)
    assert answer.status_code < 500, answer.text
    assert answer.headers["content-type"].startswith("text/html")


def test_a_character_that_cannot_be_stored(amina: Visitor) -> None:
    page = amina.post("/standing/training", TRAINING | {"course": "a\0b"}, files={"certificate": ("c.pdf", PDF)})
    assert page.status_code == 422
    assert "character that cannot be stored" in page.text


def test_a_stale_page_of_terms(amina: Visitor) -> None:
    page = amina.post("/standing/terms", {"terms_version": "2020-01", "agreed": "yes"})
    assert page.status_code == 409
    assert "terms changed while you had them open" in page.text
