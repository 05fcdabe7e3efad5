"""Owns walking through the parts of a PNG or JPEG file: its size in pixels, its hidden texts, what else it carries.

Must never trust a length or a compressed size in the file: every step is bounded, and a fault ends the walk with its reason.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from output_checking.domain.checks.files.content import PNG_SIGNATURE

MOST_TEXT = 1_000_000
# ISO/IEC 15948 and its extensions: what a viewer uses to draw; eXIf, iTXt, tEXt, zTXt are looked into, others are carried data
_DRAWN = frozenset(
    {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"cHRM",
        b"gAMA",
        b"sBIT",
        b"sRGB",
        b"bKGD",
        b"hIST",
        b"pHYs",
        b"tIME",
        b"cICP",
    }
)
_MOST_PROFILE = 20_000
# T.81 table B.1: start-of-frame markers (C4, C8 and CC mean other things), and application segments from APP2
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_APPLICATION = range(0xE2, 0xF0)


@dataclass(frozen=True)
class HiddenText:
    """A text that a viewer does not show, with its keyword."""

    key: str
    text: str


@dataclass
class Picture:
    """What stands in a picture's file besides pixels."""

    pixels: int = 0
    texts: list[HiddenText] = field(default_factory=list)
    carried: set[str] = field(default_factory=set)
    bytes_behind: int = 0
    fault: str = ""


def read_picture(body: bytes) -> Picture:
    """Return what the file carries; `fault` says why the walk ended early."""
    picture = Picture()
    walk = _walk_png if body.startswith(PNG_SIGNATURE) else _walk_jpeg
    try:
        walk(body, picture)
    except (struct.error, zlib.error, IndexError, ValueError) as error:
        picture.fault = f"a part ends too early: {error}"
    return picture


def _walk_png(body: bytes, picture: Picture) -> None:
    place = len(PNG_SIGNATURE)
    for kind, data, place in _chunks(body, place):  # noqa: B020 - the place behind the last chunk is wanted after the loop
        if kind is None:
            picture.fault = data.decode()
            return
        if kind == b"IHDR":
            width, height = struct.unpack(">II", data[:8])
            picture.pixels = width * height
        elif kind in {b"tEXt", b"zTXt", b"iTXt"}:
            picture.texts.append(_text(kind, data))
        elif kind == b"iCCP":
            picture.carried |= {"a large colour profile"} if len(data) > _MOST_PROFILE else set()
        elif kind not in _DRAWN:
            picture.carried.add(f"chunk {kind.decode('latin-1')!r}")
        if kind == b"IEND":
            picture.bytes_behind = len(body) - place
            return
    picture.fault = "its end is missing"


def _chunks(body: bytes, place: int) -> Iterator[tuple[bytes | None, bytes, int]]:
    while place < len(body):
        (length,) = struct.unpack(">I", body[place : place + 4])
        kind, data = body[place + 4 : place + 8], body[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack(">I", body[place + 8 + length : place + 12 + length])
        place += 12 + length
        if zlib.crc32(kind + data) != checksum:
            yield None, b"a checksum is wrong", place
            return
        yield kind, data, place


def _text(kind: bytes, data: bytes) -> HiddenText:
    key, _, rest = data.partition(b"\0")
    if kind == b"zTXt":
        rest = _inflate(rest[1:])
    elif kind == b"iTXt":
        is_packed, rest = rest[0] == 1, rest[2:]
        rest = rest.split(b"\0", 2)[2]
        rest = _inflate(rest) if is_packed else rest
    return HiddenText(key.decode("latin-1"), rest.decode("utf-8", "replace")[:MOST_TEXT])


def _inflate(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data, MOST_TEXT)


def _walk_jpeg(body: bytes, picture: Picture) -> None:
    place = 2
    while body[place] == 0xFF:  # noqa: PLR2004 - T.81 B.1.1.2: every marker begins with it
        marker = body[place + 1]
        if marker == 0xD9:  # noqa: PLR2004 - end of image
            picture.bytes_behind = len(body) - place - 2
            return
        (length,) = struct.unpack(">H", body[place + 2 : place + 4])
        data = body[place + 4 : place + 2 + length]
        _segment(marker, data, picture)
        place += 2 + length
        if marker == 0xDA:  # noqa: PLR2004 - start of scan: entropy-coded data follows up to the next true marker
            place = _behind_scan(body, place)
    picture.fault = "something stands where a marker is due"


def _segment(marker: int, data: bytes, picture: Picture) -> None:
    if marker in _FRAMES:
        height, width = struct.unpack(">HH", data[1:5])
        picture.pixels = width * height
    elif marker == 0xFE:  # noqa: PLR2004 - comment
        picture.texts.append(HiddenText("comment", data.decode("utf-8", "replace")))
    elif marker == 0xE1:  # noqa: PLR2004 - APP1: EXIF with its thumbnail, or XMP
        picture.carried.add("EXIF or XMP")
    elif marker in _APPLICATION and not data.startswith((b"ICC_PROFILE", b"Adobe")):
        picture.carried.add(f"segment APP{marker - 0xE0}")


def _behind_scan(body: bytes, place: int) -> int:
    # T.81 B.1.1.5: FF00 is a stuffed byte and FFD0 to FFD7 restart the decoder: both belong to the scan
    while True:
        place = body.index(0xFF, place)
        if body[place + 1] not in {0x00, *range(0xD0, 0xD8)}:
            return place
        place += 2
