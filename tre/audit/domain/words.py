"""Owns how an event's name and detail are said to a person. Must never hide a part of the record."""

from collections.abc import Callable, Mapping
from typing import Any

_SAID = {
    "people.session.opened": "signed in",
    "people.session.closed": "signed out",
    "people.session.refused": "was not signed in",
    "people.person.added": "made a person known",
    "people.person.viewed": "looked at a person",
    "people.person.listed": "looked at the list of people",
    "people.person.stopped": "stopped a person's access",
    "people.person.reinstated": "let a stopped person in again",
    "people.role.granted": "granted a role",
    "people.role.withdrawn": "withdrew a role",
    "people.training.recorded": "recorded training",
    "people.training.certificate_viewed": "fetched a certificate",
    "people.terms.signed": "signed the terms of use",
    "projects.project.listed": "looked at the list of projects",
    "projects.project.viewed": "looked at a project",
    "projects.project.drafted": "began an application",
    "projects.project.opened": "opened an application to write on it",
    "projects.project.saved": "saved an application",
    "projects.project.submitted": "sent an application",
    "projects.project.decided": "decided on an application",
    "projects.project.approved": "gave the last yes: the project was approved",
    "projects.project.turned_down": "said no: the application was refused",
    "projects.project.suspended": "suspended a project",
    "projects.project.resumed": "let a project go on",
    "projects.project.closed": "closed a project",
    "projects.decision.listed": "looked at what waits for their decision",
    "projects.assessment.ordered": "ordered the report on an application again",
    "projects.snapshot.ordered": "ordered a project's data again",
    "data.dataset.viewed": "looked at the catalogue",
    "data.dataset.load_ordered": "ordered a dataset to be loaded",
    "data.dataset.loaded": "loaded a dataset",
    "data.dataset.load_failed": "could not load a dataset",
    "data.version.listed": "looked at the list of loaded versions",
    "data.version.viewed": "looked at a version's quality report",
    "data.version.signed": "gave the first sign-off to a version",
    "data.version.accepted": "gave the second sign-off: the version is in use",
    "data.version.turned_down": "refused a loaded version",
    "data.version.superseded": "took a version out of use: another took its place",
    "data.opt_outs.loaded": "read the list of people who opted out",
    "data.opt_outs.load_ordered": "ordered a list of people's choices to be loaded",
    "data.opt_outs.load_failed": "could not load a list of people's choices",
    "data.opt_outs.viewed": "looked at the lists of people's choices and what they hold up",
    "data.opt_outs.exempted": "exempted a project from a list, with a reason",
    "data.opt_outs.honoured": "ended a project's exemption from a list",
    "data.assessment.ordered": "asked for the report on risk and linkage of an application",
    "data.assessment.made": "made the report on risk and linkage of an application",
    "data.assessment.failed": "could not make the report on risk and linkage of an application",
    "data.snapshot.refresh_ordered": "ordered a project's data anew, because people's choices changed",
    "data.snapshot.refresh_overdue": "found a project's data overdue for people's choices",
    "data.snapshot.requested": "asked for a project's data",
    "data.snapshot.started": "began to build a project's data",
    "data.snapshot.built": "built a project's data",
    "data.snapshot.failed": "could not build a project's data",
    "data.snapshot.withdrawn": "took back an order for a project's data",
    "data.snapshot.removal_ordered": "ordered a project's data to be removed",
    "data.snapshot.retired": "ordered a superseded version of a project's data to be removed",
    "data.snapshot.removed": "removed a project's data",
    "data.twin.ordered": "ordered made-up data",
    "data.twin.started": "began to make up data",
    "data.twin.built": "made up data",
    "data.twin.failed": "could not make up data",
    "data.key.rotation_ordered": "ordered a new version of the vault's key",
    "data.key.rotated": "made a new version of the vault's key",
    "data.key.rotation_failed": "could not make a new version of the vault's key",
    "data.reidentification.asked": "asked who is behind a pseudonym",
    "data.reidentification.approved": "approved that a person be re-identified",
    "data.reidentification.turned_down": "said no to a re-identification",
    "data.reidentification.started": "began to re-identify a person",
    "data.reidentification.answered": "re-identified a person",
    "data.reidentification.failed": "could not re-identify a person",
    "data.reidentification.read": "read who is behind a pseudonym",
    "data.reidentification.lapsed": "let a re-identification lapse",
    "data.key.listed": "looked at the versions of the vault's key",
    "data.reidentification.listed": "looked at the list of re-identifications",
    "data.bridge.asked": "asked for a bridge between two projects",
    "data.bridge.agreed": "agreed to a bridge between two projects",
    "data.bridge.turned_down": "said no to a bridge between two projects",
    "data.bridge.started": "began to lay a bridge between two projects",
    "data.bridge.laid": "laid a bridge between two projects",
    "data.bridge.failed": "could not lay a bridge between two projects",
    "data.bridge.lapsed": "ended a bridge whose last day had passed",
    "data.bridge.removal_started": "began to take a bridge between two projects away",
    "data.bridge.taken_away": "took a bridge between two projects away",
    "data.bridge.listed": "looked at the list of bridges",
    "sessions.workspace.opened": "opened a workspace",
    "sessions.practice.opened": "opened a workspace on made-up data",
    "sessions.workspace.rejoined": "went back to an open workspace",
    "sessions.workspace.settled": "noted how a workspace stands",
    "sessions.workspace.started": "noted that a workspace runs",
    "sessions.workspace.failed": "noted that a workspace did not start",
    "sessions.workspace.stopped": "stopped a workspace",
    "sessions.workspace.watched": "looked at all open workspaces",
    "outputs.request.submitted": "asked for files to be released",
    "outputs.request.listed": "looked at the list of requests",
    "outputs.request.viewed": "looked at a request",
    "outputs.request.blocked": "found a file altered: the request was blocked",
    "outputs.request.reopened": "handed in a blocked request anew",
    "outputs.file.set_aside": "set an altered file on the shelf aside, as evidence",
    "outputs.request.approved": "gave the last approval",
    "outputs.request.released": "released files",
    "outputs.request.returned": "sent a request back with comments",
    "outputs.request.refused": "refused a request",
    "outputs.request.withdrawn": "took a request back",
    "outputs.file.viewed": "looked at a file",
    "outputs.review.voted": "voted on a request",
    "outputs.release.downloaded": "downloaded released files",
    "audit.record.viewed": "read the record",
    "audit.record.verified": "verified the record",
}
_REFUSED = "was refused"
_PARTS = {
    "system:approval": "The approval",
    "system:broker": "The honest broker",
    "system:command-line": "The command line",
    "system:portal": "The portal",
    "system:set-up": "The set-up",
    "system:sign-in": "The sign-in",
    "system:submission": "The submission",
    "system:timer": "The timer",
}


def say_who(person_id: str, names: Mapping[str, str]) -> str:
    """Return whoever did something: a person's name, or what a part of the product is called."""
    return _PARTS.get(person_id) or names.get(person_id, person_id) or "Nobody signed in"


def say_event(name: str) -> str:
    """Return an event's name in words; a name without a phrase of its own is its last two words: `request submitted`."""
    if name in _SAID:
        return _SAID[name]
    if name.endswith(".refused"):
        return f"{_REFUSED}: {name.split('.')[1].replace('_', ' ')}"
    return " ".join(name.split(".")[1:]).replace("_", " ")


def is_refusal(detail: Mapping[str, Any]) -> bool:
    """Say whether a row's detail is that of an act which was not permitted: nothing else tells the action and the reasons."""
    return set(detail) == {"action", "reasons"} and isinstance(detail["reasons"], list)


def say_refusal(detail: Mapping[str, Any], sentence: Callable[[str], str]) -> str:
    """Return that an act was refused and why, in the sentences that the person was told."""
    told = " ".join(sentence(str(one)) for one in detail["reasons"])
    return f"{_REFUSED}: {told}" if told else _REFUSED


def say_detail(detail: Mapping[str, Any]) -> str:
    """Return an event's detail as `name: value` pairs in one line."""
    return "; ".join(f"{name.replace('_', ' ')}: {_say(value)}" for name, value in sorted(detail.items()))


def _say(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_say(one) for one in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_say(one)}" for name, one in sorted(value.items())) or "none"
    return "none" if value in (None, "") else str(value)
