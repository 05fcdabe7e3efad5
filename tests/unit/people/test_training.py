"""What training must look like to be recorded, and the colour of a date."""

from dataclasses import replace
from datetime import date

import pytest

from tests.factories.certificates import CUT_OFF_PDF, JPEG, PDF, PNG, SCRIPT
from tre.people.domain.training import LARGEST_CERTIFICATE, TrainingForm, faults_of, kind_of, light

TODAY = date(2026, 11, 23)
GOOD = TrainingForm(
    course="Safe researcher",
    issuer="Office for National Statistics",
    completed_on=date(2026, 1, 5),
    expires_on=date(2029, 1, 5),
    certificate=PDF,
)


def test_good_training_has_no_fault() -> None:
    assert faults_of(GOOD, today=TODAY) == {}


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"course": ""}, "course", "Enter the name of the course."),
        ({"course": "x" * 201}, "course", "Shorten the name of the course to 200 characters: it has 201."),
        ({"course": "a\nb"}, "course", "Enter the name of the course on one line, without control characters."),
        ({"issuer": ""}, "issuer", "Enter who gave the course."),
        ({"completed_on": None}, "completed_on", "Enter the date you completed the course."),
        (
            {"completed_on": date(2026, 11, 24)},
            "completed_on",
            "The date you completed the course must be today or in the past.",
        ),
        ({"expires_on": None}, "expires_on", "Enter the date the training expires."),
        (
            {"expires_on": date(2026, 1, 5)},
            "expires_on",
            "The date the training expires must be after the date you completed the course.",
        ),
        (
            {"expires_on": date(2026, 11, 22)},
            "expires_on",
            "This training has already expired. Take the course again and record the new certificate.",
        ),
        (
            {"expires_on": date(2031, 1, 6)},
            "expires_on",
            "The date the training expires must be at most 5 years after the date you completed the course.",
        ),
        ({"certificate": b""}, "certificate", "Choose the certificate: a PDF, PNG or JPEG file of at most 5 MB."),
    ],
)
def test_each_fault_is_said_in_the_fields_own_words(change: dict[str, object], field: str, sentence: str) -> None:
    assert faults_of(replace(GOOD, **change), today=TODAY) == {field: sentence}  # type: ignore[arg-type]


def test_several_faults_are_told_at_once() -> None:
    empty = TrainingForm(course="", issuer="", completed_on=None, expires_on=None, certificate=b"")
    assert set(faults_of(empty, today=TODAY)) == {"course", "issuer", "completed_on", "expires_on", "certificate"}


def test_expiry_on_the_29_february_may_be_five_years_off() -> None:
    form = replace(GOOD, completed_on=date(2024, 2, 29), expires_on=date(2029, 2, 28))
    assert faults_of(form, today=TODAY) == {}


@pytest.mark.parametrize(("content", "kind"), [(PDF, "pdf"), (PNG, "png"), (JPEG, "jpeg")])
def test_kind_is_told_by_the_bytes(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize("content", [SCRIPT, CUT_OFF_PDF, b"%PDF-", b"\x89PNG\r\n\x1a\n" + PDF[5:], b"x" + PDF])
def test_what_only_pretends_is_refused(content: bytes) -> None:
    assert "whole PDF, PNG or JPEG" in faults_of(replace(GOOD, certificate=content), today=TODAY)["certificate"]


def test_too_large_a_certificate_is_refused_with_its_size() -> None:
    content = PDF[:-6] + b" " * LARGEST_CERTIFICATE + b"%%EOF\n"
    assert (
        "5.0 MB; the most accepted is 5 MB" in faults_of(replace(GOOD, certificate=content), today=TODAY)["certificate"]
    )


@pytest.mark.parametrize(
    ("ends_on", "state"),
    [
        (None, "missing"),
        (date(2026, 11, 22), "expired"),
        (date(2026, 11, 23), "ends_soon"),
        (date(2026, 12, 23), "ends_soon"),
        (date(2026, 12, 24), "in_order"),
    ],
)
def test_light(ends_on: date | None, state: str) -> None:
    assert light(ends_on, today=TODAY) == state
