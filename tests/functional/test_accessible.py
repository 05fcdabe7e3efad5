"""Every page that the walk passes, as each person finds it on a running installation with real data: accessible, at 320 pixels,
by keyboard, and without a script."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests.house.axe import overflow, violations
from tests.house.chromium import NARROW, WIDE, Chromium, Window
from tests.house.prepared import TITLE, Prepared

pytestmark = pytest.mark.browser

WINDOWS = {
    "ben": "Ben Whitfield",
    "gwen": "Gwen Pritchard",
    "hugo": "Hugo Brandt",
    "farah": "Farah Haddad",
    "cara": "Cara Lindqvist",
}
# {p}: a project at work; {d}: a draft; {s}: one that waits for decisions; {r}: a request that waits for checkers; {f}: a released one
PAGES = {
    "": ["/", "/register", "/register/{p}", "/data", "/data?words=blood", "/data/nhanes", "/data/hospital/persons", "/health", "/how-it-is-kept-safe", "/your-data", "/your-choices", "/nothing-here"],
    "ben": [
        "/", "/standing", "/standing/training", "/standing/terms", "/projects", "/projects/new", "/projects/{d}", "/projects/{d}/application",
        "/projects/{d}/application/people", "/projects/{d}/application/project", "/projects/{d}/application/data",
        "/projects/{d}/application/settings", "/projects/{d}/application/outputs", "/projects/{d}/application/check",
        "/projects/{s}", "/projects/{p}", "/projects/{p}/workspace", "/outputs", "/outputs/{r}", "/outputs/{f}", "/people",
        "/data/nhanes/respondents", "/practice/workspace",
    ],
    "gwen": ["/", "/decisions", "/decisions/{s}", "/projects", "/projects/{p}"],
    "hugo": ["/", "/decisions", "/decisions/{s}"],
    "farah": ["/", "/decisions", "/decisions/{s}", "/projects/{p}", "/projects/{p}/suspend", "/people", "/people/ben", "/watch", "/audit"],
    "cara": ["/", "/checking", "/checking/{r}", "/checking/{f}"],
}  # fmt: skip
# Where a keyboard alone must reach the main act: page, its button.
BY_KEYBOARD = [
    ("ben", "/standing/training", "Record training"),
    ("ben", "/projects/new", "Begin"),
    ("ben", "/projects/{d}/application/people", "Save and go on"),
    ("ben", "/projects/{d}/application/data", "Save and go on"),
    ("ben", "/projects/{p}/workspace", "Stop the workspace"),
    ("ben", "/data/hospital/persons", "Apply with these columns"),
    ("ben", "/practice/workspace", "Practice with made-up data"),
    ("gwen", "/decisions/{s}", "Give the decision"),
    ("farah", "/projects/{p}/suspend", "Suspend the project"),
    ("farah", "/audit", "Verify the whole record"),
    ("cara", "/checking/{r}", "Give your view"),
]
MOST_TABS = 300
REQUEST = """
import pathlib, tre
import matplotlib.pyplot as plt
folder = pathlib.Path("/workspace/outputs"); folder.mkdir(exist_ok=True)
means = tre.connect().sql("select RIAGENDR as sex, count(*) as persons, round(avg(BPXSY1), 1) as mean from respondents where BPXSY1 > {above} group by sex").df()
means.to_csv(folder / "means.csv", index=False)
plt.bar(means["sex"], means["mean"]); plt.savefig(folder / "means.png"); plt.close()
request = tre.request_release([folder / "means.csv", folder / "means.png"], title="Mean of the first reading above {above}", context="All respondents.")
print(request.request_id)
"""
# What can be seen of a focus: the outline, or a change of what surrounds it.
LOOK = "(one) => { const style = getComputedStyle(one); return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.backgroundColor].join('|'); }"


@dataclass
class Pages:
    """Browsers in front of pages with something on them."""

    chromium: Chromium
    filled: dict[str, str]
    windows: dict[str, Window] = field(default_factory=dict)

    def open(self, person: str, path: str) -> Page:
        """Open a page as a person."""
        if person not in self.windows:
            self.windows[person] = self.chromium.window(WINDOWS.get(person, ""))
        return self.windows[person].go(path.format_map(self.filled))


@pytest.fixture(scope="module")
def pages(bens_project: Prepared, chromium: Chromium) -> Iterator[Pages]:
    """A draft, an application that waits, a project at work with a request that waits and one that is released."""
    work = bens_project.open_workspace()
    waiting, released = (work.run(REQUEST.format(above=above)).strip() for above in (200, 80))
    bens_project.release(released)
    draft, submitted = Prepared(bens_project.site), Prepared(bens_project.site)
    draft.begin()
    submitted.begin()
    submitted.send()
    filled = {
        "p": bens_project.project_id,
        "d": draft.project_id,
        "s": submitted.project_id,
        "r": waiting,
        "f": released,
    }
    opened = Pages(chromium, filled)
    yield opened
    for window in opened.windows.values():
        window.context.close()
    for one in (draft, submitted):
        one.close()


@pytest.mark.parametrize("person", PAGES)
def test_every_page_is_accessible_and_fits_a_small_screen(pages: Pages, person: str) -> None:
    faults = []
    for path in PAGES[person]:
        page = pages.open(person, path)
        faults += [f"{path}: {one}" for one in violations(page)]
        for viewport in (NARROW, WIDE):
            page.set_viewport_size(viewport)
            faults += [f"{path}: {over} pixels too wide at {viewport['width']}"] if (over := overflow(page)) else []
    assert faults == []


def test_what_the_front_door_says_is_accessible(pages: Pages, chromium: Chromium) -> None:
    page = pages.open("", "/")
    host = f"hugo.localhost:{chromium.origin.rpartition(':')[2]}"
    for path in ("p-aaaaaa/lab", "p-aaaaaa/files/a.csv"):
        page.goto(f"http://{host}/workspaces/user/hugo/{path}")
        page.set_viewport_size(NARROW)
        assert (violations(page), overflow(page)) == ([], 0), path
        page.set_viewport_size(WIDE)


def test_the_provider_and_its_refusal_are_accessible(chromium: Chromium) -> None:
    page = chromium.window(viewport=NARROW).go("/auth/login")
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose who you are")
    assert (violations(page), overflow(page)) == ([], 0)
    page.get_by_role("button", name="Ivan Novak").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You were not signed in")
    assert (violations(page), overflow(page)) == ([], 0)
    page.context.close()


@pytest.mark.parametrize(("person", "path", "button"), BY_KEYBOARD)
def test_the_keyboard_reaches_the_main_act_and_shows_where_it_is(
    pages: Pages, person: str, path: str, button: str
) -> None:
    page = pages.open(person, path)
    goal = page.get_by_role("main").get_by_role("button", name=button, exact=True)
    before = goal.evaluate(LOOK)
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if goal.evaluate("(one) => one === document.activeElement"):
            assert goal.evaluate(LOOK) != before, "the focus cannot be seen"
            return
        assert page.evaluate("document.activeElement !== document.body"), "the keyboard got lost"
    raise AssertionError(f"not reached in {MOST_TABS} steps")


def test_the_main_forms_work_without_a_script(pages: Pages, chromium: Chromium) -> None:
    window = chromium.window(WINDOWS["ben"], java_script_enabled=False)
    page = window.go("/projects/new")
    page.get_by_role("button", name="Begin", exact=True).click()
    project = re.search(r"/projects/(p-\w+)", page.url)
    assert project
    window.go(f"/projects/{project[1]}/application/data")
    page.get_by_role("searchbox", name="Filter columns").fill("BPXSY1")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_role("checkbox", name=re.compile("BPXSY1")).check()
    page.get_by_label("Why do you need respondents?").fill("The first reading is the question.")
    page.get_by_role("button", name="Save and go on").click()
    window.go(f"/projects/{project[1]}/application/data")
    expect(page.get_by_text(re.compile("^1 column ticked"))).to_be_visible()
    window.go("/standing/training")
    page.get_by_role("button", name="Record training").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    window.go(pages.filled["p"].join(("/projects/", "/workspace")))
    expect(page.get_by_role("button", name="Go to the workspace")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("listitem").filter(has_text=TITLE).first).to_be_visible()
    page.context.close()
