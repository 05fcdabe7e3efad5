"""Owns the walk's last steps: checking, release, register, suspension, the record's proof. Must never alter the real record."""

import hashlib
import html
import re
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path
from urllib.parse import urljoin

import httpx

from tre.audit import service as audit
from tre.entrypoints.demo.applying import TITLE, Walk
from tre.entrypoints.demo.browser import ANY_STATUS, Browser, WalkFailed, form_on, words_of
from tre.entrypoints.demo.report import until
from tre.entrypoints.demo.working import Work
from tre.plumbing.db import make_engine, make_sessions

END_SECONDS = 5.0


def check_and_release(walk: Walk) -> None:
    """Two checkers who are not of the project look at every file and approve; one approval is not enough."""
    for request_id in walk.request_ids:
        _refuse_member(walk, request_id)
        _approve(walk, "cara", request_id)
        if "released" in _state(walk, request_id):
            raise WalkFailed(f"{request_id} was released after one approval")
        _approve(walk, "dev", request_id)
        if "released" not in _state(walk, request_id):
            raise WalkFailed(f"{request_id} is not released after two approvals: {_state(walk, request_id)}")
        walk.report.evidence(
            f"{request_id}: one approval is not enough; released after cara and dev, refused to esme (a member)"
        )


def download(walk: Walk, work: Work) -> None:
    """The member with the right downloads the released bytes outside the session; another member may not."""
    amina, seen = walk.browser("amina"), {}
    links: list[str] = []
    for request_id in walk.request_ids:
        page = amina.get(f"/outputs/{request_id}")
        links += [link for link in re.findall(r'href="([^"]+)"', page.text) if "/released/" in link]
    for link in dict.fromkeys(links):
        answer = amina.get(link)
        name = re.search(r'filename="?([^";]+)', answer.headers.get("content-disposition", ""))
        seen[name[1] if name else link] = hashlib.sha256(answer.content).hexdigest()
    missing = {name for name, sha256 in work.handed_in.items() if sha256 not in seen.values()}
    if missing:
        raise WalkFailed(f"not downloaded, or other bytes: {missing}; seen {sorted(seen)}")
    walk.report.evidence(f"{len(work.handed_in)} files downloaded, identical by SHA-256 to what was handed in")
    refused = walk.browser("esme").get(links[0], expect=ANY_STATUS)
    if refused.status_code != httpx.codes.FORBIDDEN:
        raise WalkFailed(f"a member without the right got {refused.status_code}")
    walk.report.evidence("esme, a member without the right to download: 403")


def read_register(walk: Walk) -> None:
    """The public register shows the project to somebody who is not signed in."""
    public = Browser(person="", origin=walk.config.portal_origin)
    words = words_of(public.get(f"/register/{walk.project_id}").text)
    for wanted in (TITLE, "University of Ashcombe", "release"):
        if wanted.lower() not in words.lower():
            raise WalkFailed(f"the register does not show {wanted!r}: {words[:400]}")
    if walk.project_id not in public.get("/register").text:
        raise WalkFailed("the register's list does not show the project")
    walk.report.evidence(f"/register/{walk.project_id} shows purpose, data, organisation and releases without sign-in")


def suspend(walk: Walk, work: Work) -> None:
    """The admin suspends the project: the live session ends within seconds, the next start is refused with the reason."""
    farah, reason = walk.browser("farah"), "The data sharing agreement is being looked at again."
    page, began = farah.get(f"{walk.here}/suspend"), time.monotonic()
    farah.submit(page, "/suspend", {"reason": reason})

    def gone() -> bool | None:
        answer = work.notebook.browser.get(f"{work.notebook.base}api/status", expect=ANY_STATUS)
        return True if answer.status_code != httpx.codes.OK or "kernels" not in answer.text else None

    until(walk.report, "the session ends", gone, seconds=END_SECONDS)
    walk.report.evidence(f"the live session had ended {time.monotonic() - began:.1f} s after the admin's click")
    words = words_of(walk.browser("amina").get(walk.here).text)
    if "suspended" not in words.lower() or "You cannot open it now" not in words:
        raise WalkFailed(f"the project's page does not say why it cannot be opened: {words[:400]}")
    walk.report.evidence(f"the next start is refused: “{words.partition('You cannot open it now')[2][:110].strip()}”")


def prove_record(walk: Walk) -> None:
    """`tre audit verify` proves the record; one row altered by hand in a copy is named."""
    engine = make_engine(walk.config.database)
    verdict = audit.verify(make_sessions(engine))
    engine.dispose()
    if not verdict.ok:
        raise WalkFailed(f"the record does not hold: {verdict.sentence}")
    walk.report.evidence(verdict.sentence)
    if walk.config.database.startswith("sqlite"):
        walk.report.evidence(
            f"one row altered by hand in a copy: {_alter_copy(Path(walk.config.database.removeprefix('sqlite:///')))}"
        )


def _alter_copy(original: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.sqlite"
        with sqlite3.connect(original) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        with sqlite3.connect(copy) as altered:
            for (name,) in altered.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                altered.execute(f'DROP TRIGGER "{name}"')
            number = altered.execute(
                "SELECT number FROM audit WHERE name = 'outputs.review.voted' ORDER BY number LIMIT 1"
            ).fetchone()[0]
            altered.execute("UPDATE audit SET person_id = 'somebody-else' WHERE number = ?", (number,))
        source.close()
        engine = make_engine(f"sqlite:///{copy}")
        verdict = audit.verify(make_sessions(engine))
        engine.dispose()
        shutil.rmtree(folder, ignore_errors=True)
    if verdict.ok or verdict.first_bad != number:
        raise WalkFailed(f"row {number} was altered, and the proof says: {verdict.sentence}")
    return verdict.sentence


def _approve(walk: Walk, checker: str, request_id: str) -> None:
    browser = walk.browser(checker)
    page = browser.get(f"/checking/{request_id}")
    for link in dict.fromkeys(re.findall(r'href="(\?file=[^"#]+|/checking/[^"#]+\?file=[^"#]+)', page.text)):
        page = browser.get(urljoin(f"/checking/{request_id}", html.unescape(link)))
        for picture in re.findall(r'src="(/outputs/[^"]+/picture)"', page.text):
            browser.get(picture)
    browser.submit(page, "/vote", {"view": "approve", "comment": "Every group has 10 persons or more."})


def _refuse_member(walk: Walk, request_id: str) -> None:
    esme = walk.browser("esme")
    page = esme.get(f"/outputs/{request_id}")
    token = form_on(page, "").values["csrf"]
    answer = esme.client.post(
        f"{walk.config.portal_origin}/checking/{request_id}/vote",
        data={"csrf": token, "view": "approve", "comment": "Looks fine."},
        headers={"Origin": walk.config.portal_origin},
    )
    if answer.status_code != httpx.codes.FORBIDDEN:
        raise WalkFailed(f"a member of the project voted: {answer.status_code}")


def _state(walk: Walk, request_id: str) -> str:
    answer = walk.browser("amina").get(f"/api/v1/release-requests/{request_id}")
    return str(answer.json()["state"])
