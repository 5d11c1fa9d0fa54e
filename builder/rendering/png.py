"""Pictures in the colours of the levels as PNG files."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.rendering.colour import LETTERS, NO_LEVEL, levels, ramp_without_text

_MAGIC = b"\x89PNG\r\n\x1a\n"


def heat_map(rows: Sequence[Sequence[float]], scheme: str = "default") -> bytes:
    """Return a PNG with a pixel for each number.

    Args:
        rows: Numbers, −1 to 1, as many in each row; what is not a number is transparent.
        scheme: Of colours, one of `THEMES`.
    """
    none = len(LETTERS)
    found = np.array([levels(row) for row in rows])
    return indexed(np.where(found == NO_LEVEL, none, found).astype(np.uint8),
                   (*ramp_without_text(scheme), "#000000"), clear=none)


def indexed(
    pixels: NDArray[np.uint8], palette: Sequence[str], clear: int | None = None
) -> bytes:
    """Return a PNG.

    Args:
        pixels: uint8[H, W], places in the palette.
        palette: At most 256 colours, #rrggbb.
        clear: Place of the one that is transparent.
    """
    height, width = pixels.shape
    colours = b"".join(bytes.fromhex(colour[1:]) for colour in palette)
    shut = b"" if clear is None else _chunk(
        b"tRNS", bytes(0 if place == clear else 255 for place in range(len(palette))))
    lines = np.pad(pixels, ((0, 0), (1, 0))).tobytes()  # each begins with its filter: none
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return _MAGIC + b"".join((
        _chunk(b"IHDR", header), _chunk(b"PLTE", colours), shut,
        _chunk(b"IDAT", zlib.compress(lines, 9)), _chunk(b"IEND", b"")))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (struct.pack(">I", len(content)) + kind + content
            + struct.pack(">I", zlib.crc32(kind + content)))
