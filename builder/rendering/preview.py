"""The picture beside a link to a cell: its text as blocks in the colours of the unit."""

from __future__ import annotations

import numpy as np

from builder.core.cards import Excerpt
from builder.rendering.colour import LETTERS, NO_LEVEL, THEMES, levels, ramp
from builder.rendering.excerpts import liveliest_lines
from builder.rendering.png import indexed

WIDTH, HEIGHT = 1200, 630
"""Pixels; what networks of people show of a link."""

COLUMNS, ROWS = 60, 14
TAB = 4
_PAPER, _INK = len(LETTERS), len(LETTERS) + 1


def preview(excerpt: Excerpt) -> bytes:
    """Return a PNG: a block for each character of the liveliest lines, with ink if it is seen."""
    part = liveliest_lines(excerpt, ROWS)
    wide, high = WIDTH // COLUMNS, HEIGHT // ROWS
    pixels = np.full((HEIGHT, WIDTH), _PAPER, np.uint8)
    ink = slice(high * 2 // 5, high * 3 // 5), slice(wide // 10, -(wide // 10))
    row = column = 0
    for character, level in zip(part.text, levels(part.values).tolist(), strict=True):
        step = TAB if character == "\t" else 1
        block = pixels[row * high : (row + 1) * high - 2, column * wide : (column + step) * wide]
        block[...] = _PAPER if level == NO_LEVEL else level
        if not character.isspace() and block.size:
            block[ink] = _INK
        row, column = (row + 1, 0) if character == "\n" else (row, column + step)
    text, middle, _, _ = THEMES["default"]
    return indexed(pixels, (*ramp("default"), middle, text))
