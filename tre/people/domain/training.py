"""Owns what recorded training must look like, and how near its end a date is. Must never store anything."""

from dataclasses import dataclass
from datetime import date, timedelta

ENDS_SOON = timedelta(days=30)
LONGEST_YEARS = 5  # the ONS accredits researchers for at most five years before training is due again
LONGEST_TEXT = 200
LARGEST_CERTIFICATE = 5_000_000

# How a file of each accepted kind begins and ends (PDF 32000-1 7.5.2 and 7.5.5, PNG 5.2 and 11.2.5, JPEG B.1.1.3).
_KINDS = {
    "pdf": (b"%PDF-", b"%%EOF"),
    "png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
    "jpeg": (b"\xff\xd8\xff", b"\xff\xd9"),
}
_END_WITHIN = 1024  # PDF readers look for the end marker in the last 1024 bytes


@dataclass(frozen=True, kw_only=True)
class TrainingForm:
    """What a researcher enters.

    Args:
        course: name of the course.
        issuer: who gave it.
        completed_on: day of completion; None when it was not a date.
        expires_on: last day on which it counts; None when it was not a date.
        certificate: bytes of the certificate file, empty when none was chosen.
    """

    course: str
    issuer: str
    completed_on: date | None
    expires_on: date | None
    certificate: bytes


def faults_of(form: TrainingForm, *, today: date) -> dict[str, str]:
    """Return what is wrong with the form: field name to the sentence beside it; empty when it can be recorded."""
    faults = {
        "course": _text_fault(form.course, "the name of the course"),
        "issuer": _text_fault(form.issuer, "who gave the course"),
        "completed_on": _completed_fault(form.completed_on, today),
        "expires_on": _expires_fault(form, today),
        "certificate": certificate_fault(form.certificate),
    }
    return {field: sentence for field, sentence in faults.items() if sentence}


def certificate_fault(content: bytes) -> str:
    """Return what is wrong with a certificate file, empty when nothing is."""
    if not content:
        return "Choose the certificate: a PDF, PNG or JPEG file of at most 5 MB."
    if len(content) > LARGEST_CERTIFICATE:
        return f"The certificate has {len(content) / 1_000_000:.1f} MB; the most accepted is 5 MB. Scan it at a lower quality."
    if not kind_of(content):
        return "The certificate must be a whole PDF, PNG or JPEG file. What a file is called does not matter, what is in it does."
    return ""


def kind_of(content: bytes) -> str:
    """Return `pdf`, `png` or `jpeg` by the file's own bytes, empty when it is none of them or is cut off."""
    found = [
        kind for kind, (head, tail) in _KINDS.items() if content.startswith(head) and tail in content[-_END_WITHIN:]
    ]
    return found[0] if found else ""


def light(ends_on: date | None, *, today: date) -> str:
    """Return the state of something that ends: missing, expired, ends_soon or in_order (its last day still counts)."""
    if ends_on is None:
        return "missing"
    if ends_on < today:
        return "expired"
    return "ends_soon" if ends_on - today <= ENDS_SOON else "in_order"


def _text_fault(text: str, wanted: str) -> str:
    if not text:
        return f"Enter {wanted}."
    if len(text) > LONGEST_TEXT:
        return f"Shorten {wanted} to {LONGEST_TEXT} characters: it has {len(text):,}."
    return "" if text.isprintable() else f"Enter {wanted} on one line, without control characters."


def _completed_fault(day: date | None, today: date) -> str:
    if day is None:
        return "Enter the date you completed the course."
    return "The date you completed the course must be today or in the past." if day > today else ""


def _expires_fault(form: TrainingForm, today: date) -> str:
    if form.expires_on is None:
        return "Enter the date the training expires."
    if form.completed_on and form.expires_on <= form.completed_on:
        return "The date the training expires must be after the date you completed the course."
    if form.expires_on < today:
        return "This training has already expired. Take the course again and record the new certificate."
    if form.completed_on and form.expires_on > _years_after(form.completed_on, LONGEST_YEARS):
        return f"The date the training expires must be at most {LONGEST_YEARS} years after the date you completed the course."
    return ""


def _years_after(day: date, years: int) -> date:
    return (
        day.replace(year=day.year + years, day=28)
        if (day.month, day.day) == (2, 29)
        else day.replace(year=day.year + years)
    )
