"""Owns files as a researcher would hand them in: tables, pictures, and what should not be among them."""

import io
import struct
import zlib
from dataclasses import replace

from output_checking.service.submitting import Upload
from tre.plumbing.unit_of_work import Context

PNG = b"\x89PNG\r\n\x1a\n"
NHS_NUMBER = "943 476 5919"
PSEUDONYM = "P" + "A2B3C" * 5 + "A"


def inside(ctx: Context) -> Context:
    """The same person, speaking from their workspace, where requests are made."""
    return replace(ctx, actor=replace(ctx.actor, proved_by="session", roles=frozenset()))


def uploads(**files: bytes) -> list[Upload]:
    """Files by name, with `_` standing for the dot before the suffix."""
    return [Upload(name=".".join(name.rsplit("_", 1)), stream=io.BytesIO(body)) for name, body in files.items()]


def upload(name: str, body: bytes) -> Upload:
    """One file with any name."""
    return Upload(name=name, stream=io.BytesIO(body))


def chunk(kind: bytes, data: bytes) -> bytes:
    """One PNG chunk with a right checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*extra: bytes, width: int = 4, height: int = 4) -> bytes:
    """A grey picture that browsers show, with further chunks before its end."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * width) * height))
    return PNG + header + pixels + b"".join(extra) + chunk(b"IEND", b"")


def text_chunk(key: str, text: str) -> bytes:
    """A tEXt chunk."""
    return chunk(b"tEXt", key.encode() + b"\0" + text.encode())
