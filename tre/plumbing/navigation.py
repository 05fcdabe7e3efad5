"""Owns the links at the top of every page, by role. Must never show a link that the person's roles could not open."""

from dataclasses import dataclass

from tre.kernel.actor import Actor

ANYONE = frozenset({"*"})


@dataclass(frozen=True, kw_only=True)
class Link:
    """One link: its words, where it goes, and whether the present page lies under it."""

    text: str
    href: str
    current: bool = False


@dataclass(frozen=True)
class _Entry:
    text: str
    href: str
    roles: frozenset[str] = ANYONE


_SIGNED_IN = (
    _Entry("Home", "/"),
    _Entry("Projects", "/projects", frozenset({"researcher", "admin", "custodian", "lay_reviewer", "output_checker"})),
    _Entry("Decisions", "/decisions", frozenset({"admin", "custodian", "lay_reviewer"})),
    _Entry("Outputs", "/outputs", frozenset({"researcher"})),
    _Entry("Checking", "/checking", frozenset({"output_checker"})),
    _Entry("Data", "/data"),
    _Entry("Choices", "/opt-outs", frozenset({"admin", "auditor", "custodian"})),
    _Entry("Loads", "/versions", frozenset({"admin", "custodian"})),
    _Entry("People", "/people", frozenset({"admin"})),
    _Entry("Watch", "/watch", frozenset({"admin"})),
    _Entry("Record", "/audit", frozenset({"admin", "auditor"})),
    _Entry("Register", "/register"),
)
_OPEN = (
    _Entry("Home", "/"),
    _Entry("Who uses data", "/register"),
    _Entry("The data", "/data"),
    _Entry("How it is kept safe", "/how-it-is-kept-safe"),
    _Entry("Your choices", "/your-choices"),
)


def links_for(actor: Actor, *, path: str) -> tuple[Link, ...]:
    """Return the links for `actor`, the one above `path` marked."""
    entries = _SIGNED_IN if actor.is_signed_in else _OPEN
    shown = [one for one in entries if one.roles == ANYONE or one.roles & actor.roles]
    return tuple(Link(text=one.text, href=one.href, current=_is_under(path, one.href)) for one in shown)


def _is_under(path: str, href: str) -> bool:
    return path == href if href == "/" else path == href or path.startswith(href + "/")
