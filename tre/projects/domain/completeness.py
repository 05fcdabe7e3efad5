"""Owns what an application must have before it can be sent. Must never judge whether it is any good: people do.

The five pages of an application are named after the five safes (Desai, Ritchie and Welpton, 2016).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tre.projects.domain.project import Project

PEOPLE, PROJECT, DATA, SETTINGS, OUTPUTS = "people", "project", "data", "settings", "outputs"


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One page of the application: its name in addresses, its title, and what it asks in one line."""

    name: str
    title: str
    asks: str


TABS = (
    Tab(name=PEOPLE, title="Safe people", asks="Who will work with the data, and for whom"),
    Tab(name=PROJECT, title="Safe project", asks="What for, what good it does, on what legal basis"),
    Tab(name=DATA, title="Safe data", asks="Which tables and columns, and why those"),
    Tab(name=SETTINGS, title="Safe settings", asks="Until when you need access"),
    Tab(name=OUTPUTS, title="Safe outputs", asks="What will come out, and who may take it out"),
)

_ANSWERS: Mapping[str, Mapping[str, str]] = {
    PEOPLE: {"organisation": "Enter the organisation that is responsible for the project"},
    PROJECT: {
        "title": "Enter a title",
        "lay_summary": "Enter a summary that people without training in research can read",
        "purpose": "Choose what the project is for",
        "purpose_detail": "Enter what you want to find out",
        "public_benefit": "Enter who will be better off, and how",
        "article_6": "Choose the legal basis under article 6",
        "article_9": "Choose the legal basis under article 9",
        "common_law": "Choose how the duty of confidentiality is met",
    },
    SETTINGS: {"ends_on": "Enter the date on which access should end"},
    OUTPUTS: {"expected_outputs": "Enter what results you expect to take out"},
}


def missing(project: Project, *, today: date) -> dict[str, dict[str, str]]:
    """Return, page by page, what is still missing: field to the sentence that asks for it. Pages without gaps are left out.

    Args:
        today: an end date on or before it counts as missing.
    """
    gaps = {tab: _unanswered(project, fields) for tab, fields in _ANSWERS.items()}
    gaps[DATA] = _data_gaps(project)
    if project.answers.ends_on is not None and project.answers.ends_on <= today:
        gaps[SETTINGS]["ends_on"] = "The end date has passed: enter a later one"
    if not project.release_right:
        gaps[OUTPUTS]["may_download"] = "Choose at least one member who may download what is released"
    return {tab.name: gaps[tab.name] for tab in TABS if gaps[tab.name]}


def is_complete(project: Project, *, today: date) -> bool:
    """Say whether nothing is missing."""
    return not missing(project, today=today)


def progress(project: Project, *, today: date) -> dict[str, str]:
    """Return each page's state: `completed`, `in progress` or `not started`."""
    gaps = missing(project, today=today)
    return {tab.name: _progress_of(tab.name, project, gaps) for tab in TABS}


def _progress_of(tab: str, project: Project, gaps: Mapping[str, Mapping[str, str]]) -> str:
    if tab not in gaps:
        return "completed"
    if tab == DATA:
        return "in progress" if project.wanted else "not started"
    started = any(getattr(project.answers, field) for field in _ANSWERS[tab])
    return "in progress" if started else "not started"


def _unanswered(project: Project, fields: Mapping[str, str]) -> dict[str, str]:
    return {field: sentence for field, sentence in fields.items() if not getattr(project.answers, field)}


def _data_gaps(project: Project) -> dict[str, str]:
    if not project.wanted:
        return {"columns": "Choose at least one column of one table"}
    return {
        f"why/{one.dataset_id}/{one.table}": f"Enter why you need the table {one.table}"
        for one in project.wanted
        if not one.why
    }
