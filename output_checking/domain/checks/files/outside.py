"""Owns what of a finding is told outside of the workspace to people who may not look at the file: kind and place, no figure.

A member holds the data inside, but the page on a request is read outside, where nothing that was not reviewed may appear: not
a small count, nor that it is zero, nor words taken from the file. Only texts written here are told, so a new rule tells its
name alone. Must never quote a finding's own sentence or figures.
"""

from dataclasses import dataclass

from output_checking.domain.checks.files import file_kinds, identifiers, pictures, small_counts
from output_checking.domain.checks.files.rules import RULES

# a count of zero is told as any other small count: that nobody is in a group is a figure, too
_TOLD_AS = {small_counts.ZERO: small_counts.UNDER}
_SENTENCES = {
    small_counts.UNDER: "A cell that looks like a count is under the threshold of {threshold} persons.",
    file_kinds.KIND: "A file of this kind cannot be checked: not all of it can be shown to a checker.",
    file_kinds.UNREADABLE: "This is named as a table but cannot be read as one.",
    file_kinds.ROWS: "It has more rows than a person can check, and they look like rows of single persons.",
    file_kinds.COLUMNS: "It has more columns than a person can check.",
    file_kinds.LENGTH: "It has more characters than a person can check.",
    file_kinds.RAGGED: "Rows have more or fewer cells than the others; other programs may show them otherwise.",
    file_kinds.HIDDEN: "There are characters that cannot be seen, or that turn the order of what is seen.",
    identifiers.NHS_NUMBER: "There is a value that is a valid NHS number.",
    identifiers.PSEUDONYM: "There is a value that looks like a project pseudonym.",
    identifiers.BIRTH_DATE: "There is a date of birth.",
    identifiers.POSTCODE: "There is a value that looks like a full postcode.",
    pictures.BROKEN: "The picture is not whole.",
    pictures.BEHIND: "There is data behind the picture's end.",
    pictures.CARRIED: "The picture carries data that is not part of what is seen.",
    pictures.TEXT: "The picture carries text that is not seen.",
    pictures.SIZE: "The picture is too large to be looked at.",
}
_REMEDIES = {
    small_counts.UNDER: (
        "Merge the group with a neighbour, or suppress the cell together with one more of its row and column, or round all "
        "counts to base {threshold}. If it is no count of persons, or nobody could be in the group, say so in the context."
    ),
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """A finding as told outside: under which rule, in which words, with which remedy."""

    rule: str
    sentence: str
    remedy: str


def told_outside(rule: str, *, threshold: int, remedy: str) -> Told:
    """Return what is told of a finding.

    Args:
        rule: its rule.
        threshold: fewest persons behind a released count.
        remedy: its own remedy, which the rules write without anything of the file.
    """
    told = _TOLD_AS.get(rule, rule)
    name = RULES[told].name if told in RULES else "A rule"
    return Told(
        rule=told,
        sentence=_SENTENCES.get(told, f"{name}: found here.").format(threshold=threshold),
        remedy=_REMEDIES[told].format(threshold=threshold) if told in _REMEDIES else remedy,
    )
