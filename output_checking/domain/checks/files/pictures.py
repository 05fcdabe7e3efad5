"""Rules on pictures: what else is in the file than what is seen. Must never decode pixels: the browser shows those.

Sources: PNG (ISO/IEC 15948, chunks; data after IEND is ignored by viewers), JPEG (ITU-T T.81, segments). A picture can carry
text, a whole file behind its end, or a second picture as a thumbnail, and none of that is seen by a checker.
"""

from collections.abc import Iterator

from output_checking.domain.checks.files.finding import Finding, Severity
from output_checking.domain.checks.files.identifiers import Passage, identifiers
from output_checking.domain.checks.files.picture_parts import HiddenText, Picture, read_picture

BROKEN = "pictures.broken"
BEHIND = "pictures.data_behind_the_end"
CARRIED = "pictures.carried_data"
TEXT = "pictures.carried_text"
SIZE = "pictures.too_large_to_show"
# what plotting programs write about themselves: matplotlib, R, Inkscape; PNG's own list of keywords otherwise counts as text
_HARMLESS_KEYS = frozenset({"Software", "Creation Time", "Date", "date:create", "date:modify", "date:timestamp"})
MOST_PIXELS = 50_000_000
_REMEDY = "Save the picture anew from the plot: plt.savefig(name, metadata={}) writes none of it."


def pictures(body: bytes) -> Iterator[Finding]:
    """Yield findings on the PNG or JPEG in `body`."""
    picture = read_picture(body)
    if picture.fault:
        yield _block(BROKEN, f"The picture is not whole ({picture.fault}), so what is shown may not be what is in it.")
    if picture.bytes_behind:
        yield _block(
            BEHIND, f"{picture.bytes_behind:,} bytes stand behind the end of the picture, where no viewer shows them."
        )
    if picture.pixels > MOST_PIXELS:
        yield _block(SIZE, f"{picture.pixels:,} pixels are more than can be looked at ({MOST_PIXELS:,}).")
    if picture.carried:
        yield _carried(picture)
    for text in picture.texts:
        yield from _hidden_text(text)


def _hidden_text(text: HiddenText) -> Iterator[Finding]:
    yield from identifiers([Passage(text=text.text, where=f"In the picture's hidden text '{text.key}'")])
    if text.key not in _HARMLESS_KEYS:
        yield Finding(
            severity=Severity.WARN,
            rule=TEXT,
            sentence=f"The picture carries {len(text.text):,} characters of text under '{text.key}' that are not seen.",
            remedy=_REMEDY,
            figures={"characters": len(text.text)},
        )


def _carried(picture: Picture) -> Finding:
    return Finding(
        severity=Severity.BLOCK,
        rule=CARRIED,
        sentence=f"The picture carries data that is not part of what is seen: {', '.join(sorted(picture.carried))}.",
        remedy=_REMEDY,
    )


def _block(rule: str, sentence: str) -> Finding:
    return Finding(severity=Severity.BLOCK, rule=rule, sentence=sentence, remedy=_REMEDY)
