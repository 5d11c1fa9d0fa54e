"""How far lines are indented, and the blocks that this shows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.features.joined import joined
from builder.features.lexed import LexedText

Int = NDArray[np.int32]
TAB = 8
"""Columns that a tab counts."""


def columns_of(source: LexedText) -> Int:
    """Return how far each line is indented, int32[M]; 0 for blank lines."""
    tabs = joined(0, np.cumsum(source.equal_to("\t"), dtype=np.int64))
    first = np.minimum(source.first_visible, len(source))
    width = first - source.line_starts + (TAB - 1) * (tabs[first] - tabs[source.line_starts])
    return np.where(source.first_visible < len(source), width, 0).astype(np.int32)


def from_places(source: LexedText, places: NDArray[np.integer], values: NDArray[np.integer]) -> Int:
    """Return at each character the value of the last place up to there, 0 before the first."""
    sizes = np.diff(joined(0, places, len(source)))
    return np.repeat(joined(0, values).astype(np.int32), sizes)


def depth_of_blocks(source: LexedText, starts: NDArray[np.integer], indents: Int) -> Int:
    """Count the blocks that indentation opens, int32[N].

    Args:
        source: A text in Python.
        starts: First visible character of each statement, rising.
        indents: Columns by which each line is indented, int32[M].
    """
    line = np.searchsorted(source.line_starts, starts, side="right") - 1
    levels, open_ = [], [0]
    for columns in indents[line].tolist():
        while columns < open_[-1]:
            open_.pop()
        if columns > open_[-1]:
            open_.append(columns)
        levels.append(len(open_) - 1)
    return from_places(source, starts, np.array(levels, np.int32))
