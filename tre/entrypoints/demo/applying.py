"""Owns the walk's first steps: standing, application, the three decisions, the snapshot. Must never write to the records itself."""

import zlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlsplit

import httpx

from tre.entrypoints.demo.browser import Browser, WalkFailed, form_on, words_of
from tre.entrypoints.demo.report import Report, until
from tre.plumbing.config import Config

TITLE = "Blood pressure and hospital admissions by age and sex"
COLUMNS = {
    "nhanes/respondents": (
        "Age, sex and the three readings of systolic pressure: the result is their mean by age band and sex.",
        ("RIAGENDR", "RIDAGEYR", "BPXSY1", "BPXSY2", "BPXSY3"),
    ),
    "hospital/admissions": ("When each stay began, to count stays by year.", ("admission", "admitted_month")),
    "hospital/diagnoses": (
        "The main diagnosis of each stay, to count stays by chapter.",
        ("admission", "position", "icd10", "chapter"),
    ),
}
SNAPSHOT_SECONDS = 180.0
ANSWERS = {
    "people": {"organisation": "University of Ashcombe", "add": "esme"},
    "project": {
        "title": TITLE,
        "lay_summary": "High blood pressure often goes unnoticed. We look at how it differs between women and men of different "
        "ages, and at which illnesses bring people into hospital, so that checks can be offered where they help most.",
        "purpose": "public_health",
        "purpose_detail": "Mean systolic blood pressure by age band and sex; admissions by diagnosis chapter and year.",
        "public_benefit": "Health services can offer blood pressure checks to the groups that would gain most from them.",
        "article_6": "6-1-e",
        "article_9": "9-2-j",
        "common_law": "not_confidential",
    },
    "outputs": {
        "expected_outputs": "Two tables and two plots: counts and means, no group under 10 persons.",
        "publication": "An open report of the university.",
        "may_download": "amina",
    },
}


@dataclass(kw_only=True)
class Walk:
    """What the steps hand to each other.

    Args:
        people: person id to that person's browser.
        project_id, request_id: filled in as they come to be.
    """

    config: Config
    report: Report
    people: dict[str, Browser] = field(default_factory=dict)
    project_id: str = ""
    request_ids: list[str] = field(default_factory=list)

    def browser(self, person: str) -> Browser:
        """Return the person's browser, signed in."""
        if person not in self.people:
            self.people[person] = Browser(person=person, origin=self.config.portal_origin)
            self.people[person].sign_in()
        return self.people[person]

    @property
    def here(self) -> str:
        """The project's address on the portal."""
        return f"/projects/{self.project_id}"


def put_standing_in_order(walk: Walk, person: str) -> None:
    """Record training and sign the terms, where that is not done yet."""
    browser = walk.browser(person)
    standing = words_of(browser.get("/standing").text)
    if "Everything is in order" in standing:
        walk.report.evidence(f"{person}: training and terms were in order already")
        return
    today = date.today()  # noqa: DTZ011 - what a person types
    form = browser.get("/standing/training")
    values = {"course": "Safe researcher training", "issuer": "Office for National Statistics"}
    values |= _typed("completed_on", today - timedelta(days=30)) | _typed("expires_on", today + timedelta(days=700))
    browser.submit(
        form, "/training", values, files={"certificate": ("certificate.png", certificate(person), "image/png")}
    )
    terms = browser.get("/standing/terms")
    if 'name="agreed"' in terms.text:
        browser.submit(terms, "/terms", {"agreed": "yes"})
    standing = words_of(browser.get("/standing").text)
    if "Everything is in order" not in standing:
        raise WalkFailed(f"{person}'s standing is not in order: {standing[:300]}")
    walk.report.evidence(f"{person}: training recorded with its certificate, terms signed")


def refuse_without_second_factor(walk: Walk) -> None:
    """The person without a second factor is not let in."""
    browser = Browser(person="ivan", origin=walk.config.portal_origin)
    answer = browser.sign_in()
    if answer.status_code != httpx.codes.FORBIDDEN:
        raise WalkFailed(f"ivan has one factor only, and got {answer.status_code}")
    walk.report.evidence(f"ivan, who has one factor only, is refused: {answer.status_code}")


def apply(walk: Walk) -> None:
    """Fill in the five parts of an application and send it."""
    browser = walk.browser("amina")
    begun = browser.submit(browser.get("/projects/new"), "/projects/new")
    walk.project_id = urlsplit(str(begun.url)).path.split("/")[2]
    for part, values in _parts().items():
        page = browser.get(f"{walk.here}/application/{part}")
        browser.submit(page, f"/application/{part}", values)
    browser.submit(browser.get(f"{walk.here}/application/check"), "/submit")
    columns = sum(len(names) for _, names in COLUMNS.values())
    walk.report.evidence(f"project {walk.project_id}: {columns} columns of {len(COLUMNS)} tables asked for")


def refuse_early_opening(walk: Walk) -> None:
    """Before approval a workspace is refused with the reasons in words, and the researcher cannot decide alone."""
    browser = walk.browser("amina")
    project = browser.get(walk.here)
    answer = browser.client.post(
        f"{walk.config.portal_origin}{walk.here}/workspace",
        data={"csrf": _csrf(project)},
        headers={"Origin": walk.config.portal_origin},
    )
    if answer.status_code != httpx.codes.FORBIDDEN:
        raise WalkFailed(f"a workspace before approval got {answer.status_code}")
    walk.report.evidence(f"open before approval: 403, “{_after(words_of(answer.text), 'approv')}”")
    alone = browser.client.post(
        f"{walk.config.portal_origin}{walk.here}/decide",
        data={
            "csrf": _csrf(project),
            "role": "admin",
            "answer": "yes",
            "reason": "I would like it.",
            "version": _version(walk),
        },
        headers={"Origin": walk.config.portal_origin},
    )
    if alone.status_code != httpx.codes.FORBIDDEN:
        raise WalkFailed(f"the researcher's own decision got {alone.status_code}")
    walk.report.evidence("the researcher's own decision: 403")


def wait_for_report(walk: Walk) -> None:
    """The broker tries what is asked for; the custodian reads the report before deciding."""
    browser = walk.browser("gwen")

    def is_ready() -> str | None:
        words = words_of(browser.get(f"{walk.here}/assessment").text)
        if "Failed" in words:
            raise WalkFailed(f"the report failed: {words[:300]}")
        return words if "Could somebody be recognised?" in words else None

    words = until(walk.report, "the broker reports on risk and linkage", is_ready, seconds=SNAPSHOT_SECONDS)
    _, _, rest = words.partition("Could somebody be recognised?")
    walk.report.evidence(f"the custodian's report: {rest.strip()[:200]}")


def decide(walk: Walk) -> None:
    """The custodian, the lay reviewer and the admin each say yes."""
    wait_for_report(walk)
    for person, role in (("gwen", "custodian"), ("hugo", "lay_reviewer"), ("farah", "admin")):
        page = walk.browser(person).get(f"/decisions/{walk.project_id}")
        values = {"role": role, "answer": "yes", "reason": "The purpose fits the data, and the public gains from it."}
        walk.browser(person).submit(page, "/decide", values)
        walk.report.evidence(f"{person} decided yes as {role.replace('_', ' ')}")


def wait_for_snapshot(walk: Walk) -> None:
    """The broker builds the snapshot; the page shows how far it is."""
    browser = walk.browser("amina")

    def is_ready() -> str | None:
        words = words_of(browser.get(f"{walk.here}/snapshot").text)
        if "failed" in words.lower():
            raise WalkFailed(f"the snapshot failed: {words[:300]}")
        return words if ", built " in words else None

    until(walk.report, "the broker builds the snapshot", is_ready, seconds=SNAPSHOT_SECONDS)
    page = words_of(browser.get(walk.here).text)
    _, _, rest = page.partition("What the snapshot holds")
    walk.report.evidence(f"snapshot: {rest.partition('Members')[0].strip()[:330]}")


def _parts() -> dict[str, dict[str, object]]:
    end = date.today() + timedelta(days=365)  # noqa: DTZ011 - what a person types
    data: dict[str, object] = {f"why/{table}": why for table, (why, _) in COLUMNS.items()}
    data["columns"] = [f"{table}/{name}" for table, (_, names) in COLUMNS.items() for name in names]
    return {
        "people": dict(ANSWERS["people"]),
        "project": dict(ANSWERS["project"]),
        "data": data,
        "settings": dict(_typed("ends_on", end)),
        "outputs": dict(ANSWERS["outputs"]),
    }


def _typed(name: str, day: date) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def _csrf(page: httpx.Response) -> str:
    value = form_on(page, "").values["csrf"]
    return value if isinstance(value, str) else value[0]


def _version(walk: Walk) -> str:
    page = walk.browser("gwen").get(f"/decisions/{walk.project_id}")
    return str(form_on(page, "/decide").values["version"])


def _after(words: str, wanted: str) -> str:
    sentences = [one.strip() for one in words.split(". ") if wanted in one.lower()]
    return sentences[0][:200] if sentences else words[:200]


def certificate(person: str) -> bytes:
    """Return a small picture that stands for a scanned certificate, another for each person (PNG, ISO/IEC 15948)."""
    shade = zlib.crc32(person.encode()) % 200
    rows = b"".join(b"\x00" + bytes([shade]) * 8 for _ in range(8))
    header = (8).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
