"""Owns what a file is, told from its bytes and never from its name alone. Must never open anything or run a decoder of pixels.

The list of kinds is closed: what is not on it cannot be shown to a checker as it is, so it cannot be checked
(OpenSAFELY's allow-list; ACRO's deny-list of two suffixes lets everything else through).
"""

import json
import re
from enum import StrEnum

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_SIGNATURE = b"\xff\xd8\xff"
_MARKUP = re.compile(
    r"\s*<(\?xml|!doctype|!--|html|head|body|script|svg|math|iframe|table|div|style|[a-z]+:[a-z]+)", re.IGNORECASE
)
_UNSHOWN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class Kind(StrEnum):
    """What a file is."""

    CSV = "csv"
    TSV = "tsv"
    TEXT = "text"
    MARKDOWN = "markdown"
    PNG = "png"
    JPEG = "jpeg"
    NOTEBOOK = "notebook"
    MARKUP = "markup"
    UNKNOWN = "unknown"

    @property
    def is_checkable(self) -> bool:
        """Say whether a checker can be shown all of it."""
        return self not in {Kind.NOTEBOOK, Kind.MARKUP, Kind.UNKNOWN}

    @property
    def is_table(self) -> bool:
        """Say whether it is rows and columns."""
        return self in {Kind.CSV, Kind.TSV}

    @property
    def is_picture(self) -> bool:
        """Say whether it is pixels."""
        return self in {Kind.PNG, Kind.JPEG}


MEDIA_TYPE = {Kind.PNG: "image/png", Kind.JPEG: "image/jpeg"}
KIND_WORDS = {
    Kind.CSV: "table (CSV)",
    Kind.TSV: "table (TSV)",
    Kind.TEXT: "text",
    Kind.MARKDOWN: "text (Markdown)",
    Kind.PNG: "picture (PNG)",
    Kind.JPEG: "picture (JPEG)",
    Kind.NOTEBOOK: "notebook or JSON",
    Kind.MARKUP: "HTML, SVG or XML",
    Kind.UNKNOWN: "unknown",
}


def sniff(name: str, body: bytes) -> Kind:
    """Return what `body` is; `name` decides only between kinds of plain text."""
    if body.startswith(PNG_SIGNATURE):
        return Kind.PNG
    if body.startswith(JPEG_SIGNATURE):
        return Kind.JPEG
    text = as_text(body)
    if text is None or not text.strip():
        return Kind.UNKNOWN
    if _MARKUP.match(text):
        return Kind.MARKUP
    if _is_json(text):
        return Kind.NOTEBOOK
    return _kind_of_text(name.lower(), text)


def as_text(body: bytes) -> str | None:
    """Return `body` as text if it is UTF-8 without unshown control characters, else None."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if _UNSHOWN.search(text) else text


def _kind_of_text(name: str, text: str) -> Kind:
    if name.endswith((".tsv", ".tab")):
        return Kind.TSV
    if name.endswith(".csv"):
        return Kind.TSV if "\t" in _first_line(text) and "," not in _first_line(text) else Kind.CSV
    if name.endswith((".md", ".markdown")):
        return Kind.MARKDOWN
    if _is_tabular(text, "\t"):
        return Kind.TSV
    return Kind.CSV if _is_tabular(text, ",") else Kind.TEXT


def _is_tabular(text: str, delimiter: str) -> bool:
    # a table under another name (`result.txt`, `numbers`) is still judged as one
    lines = [line for line in text.splitlines() if line.strip()]
    widths = {line.count(delimiter) for line in lines}
    return len(lines) > 1 and len(widths) == 1 and widths != {0}


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0]


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
