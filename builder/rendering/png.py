"""A small picture of numbers as a PNG: one pixel a number."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

from builder.rendering.colour import LETTERS, NO_LEVEL, levels, ramp

_MAGIC = b"\x89PNG\r\n\x1a\n"


def heat_map(rows: Sequence[Sequence[float]]) -> bytes:
    """Return a PNG with a pixel for each number, in the colours of the light theme.

    Args:
        rows: Numbers, −1 to 1, as many in each row; what is not a number is transparent.
    """
    height, width = len(rows), len(rows[0])
    palette = b"".join(bytes.fromhex(colour[1:]) for colour in ramp("default")) + b"\x00\x00\x00"
    clear = bytes([255] * len(LETTERS) + [0])
    pixels = b"".join(b"\x00" + _line(row) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return _MAGIC + b"".join((
        _chunk(b"IHDR", header), _chunk(b"PLTE", palette), _chunk(b"tRNS", clear),
        _chunk(b"IDAT", zlib.compress(pixels, 9)), _chunk(b"IEND", b"")))


def _line(row: Sequence[float]) -> bytes:
    none = len(LETTERS)
    return bytes(none if level == NO_LEVEL else level for level in levels(row).tolist())


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (struct.pack(">I", len(content)) + kind + content
            + struct.pack(">I", zlib.crc32(kind + content)))
