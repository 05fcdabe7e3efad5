"""What a picture's file carries besides what is seen."""

import struct
import zlib

import pytest

from output_checking.domain.checks.files.pictures import pictures
from tests.factories.outputs import chunk, png, text_chunk


def rules(body: bytes) -> list[str]:
    """Rules of the findings."""
    return [one.rule for one in pictures(body)]


def segment(marker: int, data: bytes) -> bytes:
    """One JPEG segment."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def jpeg(*extra: bytes, width: int = 8) -> bytes:
    """The parts of a JPEG in their order; its scan holds a stuffed byte and a restart marker."""
    frame = segment(0xC0, struct.pack(">BHHB", 8, 8, width, 1) + b"\1\x11\0")
    scan = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0") + b"".join(extra) + frame + scan + b"\xff\xd9"


def test_a_plain_picture_has_no_findings() -> None:
    assert rules(png(text_chunk("Software", "Matplotlib version 3.10"))) == []
    assert rules(jpeg()) == []


@pytest.mark.parametrize("body", [png() + b"PK\x03\x04 a whole archive", jpeg() + b"and more"])
def test_bytes_behind_the_end_block(body: bytes) -> None:
    assert rules(body) == ["pictures.data_behind_the_end"]


@pytest.mark.parametrize(
    "body", [png()[:-12], png()[:40], png().replace(b"IDAT", b"IDAX"), jpeg()[:-2], b"\x89PNG\r\n\x1a\n"]
)
def test_a_picture_that_is_not_whole_blocks(body: bytes) -> None:
    assert rules(body) == ["pictures.broken"]


@pytest.mark.parametrize("body", [png(chunk(b"eXIf", b"x")), png(chunk(b"prVt", b"rows")), jpeg(segment(0xE1, b"Exif\0\0x")), jpeg(segment(0xED, b"Photoshop"))])  # fmt: skip
def test_carried_data_blocks(body: bytes) -> None:
    assert rules(body) == ["pictures.carried_data"]


@pytest.mark.parametrize("body", [png(text_chunk("Description", "rows")), jpeg(segment(0xFE, b"rows"))])
def test_carried_text_is_a_warning(body: bytes) -> None:
    (finding,) = pictures(body)
    assert (finding.rule, finding.severity) == ("pictures.carried_text", "warn")


def test_a_picture_that_would_fill_the_memory_blocks() -> None:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0))
    body = png()[:8] + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    assert rules(body) == ["pictures.too_large_to_show"]


def test_a_text_that_unpacks_without_end_is_bounded() -> None:
    bomb = zlib.compress(b"a" * 200_000_000, 9)
    (finding,) = pictures(png(chunk(b"zTXt", b"Comment\0\0" + bomb)))
    assert finding.figures["characters"] == 1_000_000
