"""Owns how an event's name and detail are said to a person. Must never hide a part of the record."""

from collections.abc import Mapping
from typing import Any

_SAID = {
    "people.session.opened": "signed in",
    "people.session.closed": "signed out",
    "people.session.refused": "was not signed in",
    "people.person.added": "made a person known",
    "people.person.viewed": "looked at a person",
    "people.person.listed": "looked at the list of people",
    "people.role.granted": "granted a role",
    "people.role.withdrawn": "withdrew a role",
    "people.training.recorded": "recorded training",
    "people.training.certificate_viewed": "fetched a certificate",
    "people.terms.signed": "signed the terms of use",
    "audit.record.viewed": "read the record",
    "audit.record.verified": "verified the record",
}


def say_event(name: str) -> str:
    """Return an event's name in words; a name without a phrase of its own is its last two words: `request submitted`."""
    if name in _SAID:
        return _SAID[name]
    return " ".join(name.split(".")[1:]).replace("_", " ")


def say_detail(detail: Mapping[str, Any]) -> str:
    """Return an event's detail as `name: value` pairs in one line."""
    return "; ".join(f"{name.replace('_', ' ')}: {_say(value)}" for name, value in sorted(detail.items()))


def _say(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_say(one) for one in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_say(one)}" for name, one in sorted(value.items()))
    return "none" if value in (None, "") else str(value)
