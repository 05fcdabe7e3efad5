"""A project of Ben's, brought over the portal's own doors to where its data is ready; for tests that begin there."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx

from tests.factories.certificates import PDF
from tests.house.parts import wait_until
from tests.house.site import Site
from tre.entrypoints.demo.browser import ANY_STATUS, Browser, form_on, words_of
from tre.entrypoints.demo.notebook import Notebook

LEAD = "ben"
TITLE = "Readings of blood pressure by sex"
COLUMNS = ("RIAGENDR", "RIDAGEYR", "BPXSY1")
SNAPSHOT_SECONDS = 120
OPEN_SECONDS = 60


def typed(name: str, days_from_now: int) -> dict[str, str]:
    """Return a date as typed into its three fields."""
    day = datetime.now(UTC) + timedelta(days=days_from_now)
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


PARTS: dict[str, dict[str, str | list[str]]] = {
    "people": {"organisation": "Netherby Institute of Health"},
    "project": {
        "title": TITLE,
        "lay_summary": "We look at how often blood pressure is high.",
        "purpose": "public_health",
        "purpose_detail": "Mean of the first reading by sex.",
        "public_benefit": "Checks for those who gain most.",
        "article_6": "6-1-e",
        "article_9": "9-2-j",
        "common_law": "not_confidential",
    },
    "data": {
        "why/nhanes/respondents": "Sex and the first reading are the question.",
        "columns": [f"nhanes/respondents/{name}" for name in COLUMNS],
    },
    "settings": {**typed("ends_on", 365)},
    "outputs": {"expected_outputs": "One table.", "publication": "A report.", "may_download": LEAD},
}


@dataclass
class Prepared:
    """The project, and browsers of whoever acts in it.

    Args:
        site: the installation.
        parts: the application's pages as typed.
    """

    site: Site
    project_id: str = ""
    parts: dict[str, dict[str, str | list[str]]] = field(default_factory=lambda: PARTS)
    browsers: dict[str, Browser] = field(default_factory=dict)

    @property
    def here(self) -> str:
        """The project's address."""
        return f"/projects/{self.project_id}"

    def browser(self, person: str) -> Browser:
        """The browser of a person, signed in."""
        if person not in self.browsers:
            self.browsers[person] = Browser(person=person, origin=self.site.origin)
            self.browsers[person].sign_in()
        return self.browsers[person]

    def post(self, person: str, path: str, **values: str) -> httpx.Response:
        """Send a form to `path` with the token of a page of ours; return whatever is answered, no redirect followed."""
        browser = self.browser(person)
        token = form_on(browser.get("/health", expect=ANY_STATUS), "/auth/logout").values["csrf"]
        headers = {"Origin": self.site.origin}
        address = self.site.origin + path
        return browser.client.post(address, data={"csrf": token, **values}, headers=headers, follow_redirects=False)

    def put_standing_in_order(self) -> None:
        """Record Ben's training and sign the terms, where that is not done yet."""
        browser = self.browser(LEAD)
        if "Everything is in order" in words_of(browser.get("/standing").text):
            return
        course = {
            "course": "Safe researcher",
            "issuer": "Institute",
            **typed("completed_on", -30),
            **typed("expires_on", 700),
        }
        files = {"certificate": ("c.pdf", PDF, "application/pdf")}
        browser.submit(browser.get("/standing/training"), "/training", course, files=files)
        browser.submit(browser.get("/standing/terms"), "/terms", {"agreed": "yes"})

    def begin(self) -> None:
        """Begin an application and fill in its parts."""
        browser = self.browser(LEAD)
        begun = browser.submit(browser.get("/projects/new"), "/projects/new")
        self.project_id = urlsplit(str(begun.url)).path.split("/")[2]
        for part, values in self.parts.items():
            browser.submit(browser.get(f"{self.here}/application/{part}"), f"/application/{part}", values)

    def send(self) -> None:
        """Send the application."""
        browser = self.browser(LEAD)
        browser.submit(browser.get(f"{self.here}/application/check"), "/submit")

    def approve(self) -> None:
        """Send it, have it approved, and wait until its data is ready."""
        self.send()
        wait_until(self._is_assessed, seconds=SNAPSHOT_SECONDS, what="the report on risk and linkage is made")
        for person, role in (("gwen", "custodian"), ("hugo", "lay_reviewer"), ("farah", "admin")):
            page = self.browser(person).get(f"/decisions/{self.project_id}")
            self.browser(person).submit(page, "/decide", {"role": role, "answer": "yes", "reason": "It fits."})
        wait_until(self._is_built, seconds=SNAPSHOT_SECONDS, what="the snapshot is built")

    def open_workspace(self) -> Notebook:
        """Open Ben's workspace, and start a kernel in it."""
        assert self.post(LEAD, f"{self.here}/workspace").status_code == httpx.codes.SEE_OTHER
        wait_until(lambda: bool(self.lab()), seconds=OPEN_SECONDS, what="the workspace opens")
        browser = self.browser(LEAD)
        browser.get(self.lab())  # signs in to the hub silently on the way
        notebook = Notebook(browser=browser, base=self.lab().removesuffix("lab"))
        notebook.start()
        return notebook

    def release(self, request_id: str) -> None:
        """Have two checkers look at every file of a request and approve."""
        here = f"/api/v1/release-requests/{request_id}"
        for person in ("cara", "dev"):
            browser = self.browser(person)
            for file in browser.get(here).json()["rounds"][0]["files"]:
                browser.get(f"{here}/files/{file['file_id']}")
            page = browser.get(f"/checking/{request_id}")
            browser.submit(page, "/vote", {"view": "approve", "comment": "Every group is large."})

    def lab(self) -> str:
        """The address of Ben's open workspace; empty while there is none."""
        answer = self.browser(LEAD).get(f"/api/v1{self.here}/workspace").json()
        is_live = answer["session"] is not None and answer["session"]["state"] == "live"
        return str(answer["url"]) if is_live else ""

    def close(self) -> None:
        """Close the browsers; who acts next signs in anew."""
        while self.browsers:
            self.browsers.popitem()[1].client.close()

    def _is_assessed(self) -> bool:
        return "Could somebody be recognised?" in words_of(self.browser("gwen").get(f"{self.here}/assessment").text)

    def _is_built(self) -> bool:
        return ", built " in words_of(self.browser(LEAD).get(f"{self.here}/snapshot").text)
