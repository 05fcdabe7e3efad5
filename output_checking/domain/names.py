"""Owns which names, titles and texts a release request may carry. Must never touch a file system.

A name becomes a file name in a download, so nothing may be in it that a file system, a zip archive or a header reads as more
than a name (ACRO wrote outside its folder for `../x`, and let two files of one name overwrite each other).
"""

import unicodedata
from collections.abc import Sequence

from output_checking.domain.checks.files.finding import Severity
from output_checking.domain.checks.files.identifiers import identifiers, passages_of_text
from tre.kernel.errors import Invalid

LONGEST_NAME = 200
DEEPEST = 5
LONGEST_TITLE = 120
LONGEST_CONTEXT = 5000
MOST_FILES = 50
# RFC 6838 and Windows agree on little; these are special on one system or another
_NAMES_SOMEBODY = "There is something in it that names one person (an NHS number, a pseudonym, a date of birth): leave it out, it is read outside."
_SPECIAL = set('\\:*?"<>|')


def fault_in_name(name: str) -> str:
    """Return what is wrong with a file's name as a sentence, or an empty text.

    A name may have folders (`figures/age.png`), never one that leads upwards or starts at the root.
    """
    parts = name.split("/")
    if not name.strip() or not parts[-1].strip():
        return "A file has no name: give it one."
    if len(name) > LONGEST_NAME or len(parts) > DEEPEST:
        return f"{_shown(name)} has too long a name: use at most {LONGEST_NAME} characters and {DEEPEST - 1} folders."
    if not parts[0] or {".", "..", ""} & set(parts) or "\\" in name:
        return f"{_shown(name)} leads out of its folder: hand in a file by its name within the workspace."
    if any(unicodedata.category(one) in {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"} for one in name):
        return f"{_shown(name)} has characters in its name that cannot be seen: rename it."
    if any(_is_special(part) for part in parts):
        return f"{_shown(name)} has characters in its name that some systems read otherwise: use letters, digits, '-', '_' and '.'."
    return ""


def _is_special(part: str) -> bool:
    return bool(set(part) & _SPECIAL) or part.startswith((".", "-", " ")) or part.endswith((".", " "))


def require_names(names: Sequence[str]) -> None:
    """Raise `Invalid` on `files` unless there are 1 to MOST_FILES names, each sound and none twice (in any case)."""
    if not names:
        raise Invalid({"files": "Choose at least one file to be released."})
    if len(names) > MOST_FILES:
        raise Invalid({"files": f"Choose at most {MOST_FILES} files: {len(names)} are too many for one review."})
    for name in names:
        if fault := fault_in_name(name):
            raise Invalid({"files": fault}, code="outputs.file.bad_name")
    folded = [unicodedata.normalize("NFC", name).casefold() for name in names]
    for name, one in zip(names, folded, strict=True):
        if folded.count(one) > 1:
            raise Invalid({"files": f"{_shown(name)} is there twice: give each file a name of its own."})


def require_texts(*, title: str, context: str) -> None:
    """Raise `Invalid` on `title` and `context` unless each is there and not too long."""
    faults = {}
    if fault := _fault_in_text(title, "Say in a few words what these files are.", most=LONGEST_TITLE):
        faults["title"] = fault
    if fault := _fault_in_text(
        context, "Tell the checkers what the files show and how small numbers were dealt with.", most=LONGEST_CONTEXT
    ):
        faults["context"] = fault
    if "\n" in title.strip():
        faults["title"] = "Write the title on one line."
    # both are read outside of the workspace at once, by every member, before anybody has looked at the request
    faults |= {
        field: _NAMES_SOMEBODY for field, text in (("title", title), ("context", context)) if _names_somebody(text)
    }
    if faults:
        raise Invalid(faults)


def _names_somebody(text: str) -> bool:
    return any(one.severity is Severity.BLOCK for one in identifiers(passages_of_text(text)))


def _fault_in_text(text: str, when_empty: str, *, most: int) -> str:
    if not text.strip():
        return when_empty
    if len(text) > most:
        return f"Use at most {most:,} characters: this has {len(text):,}."
    if any(unicodedata.category(one) in {"Cc", "Cs"} and one not in "\t\r\n" for one in text):
        return "There are characters in it that cannot be shown: type it again."
    return ""


def _shown(name: str) -> str:
    printable = "".join(one if one.isprintable() else "�" for one in name)
    return f"'{printable[:60]}…'" if len(printable) > 60 else f"'{printable}'"  # noqa: PLR2004 - what fits on a line
