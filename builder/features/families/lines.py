"""Features of lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import Lookahead, Tag
from builder.features.joined import joined
from builder.features.registry import feature
from builder.features.source import Source

Bool = NDArray[np.bool_]
Int = NDArray[np.int32]


@feature("position in the line", "counts the characters since the line began",
         tag=Tag.COUNT, example=("ab\nc", "1201"))
def line_position(source: Source) -> Int:
    """Count characters since the last newline, which is 0 itself."""
    return np.where(source.newline, 0, source.places - source.line_start + 1).astype(np.int32)


@feature("length of the line before", "counts the characters of the line before this one",
         tag=Tag.COUNT, example=("abc\nd\n\ne", "00003310"))
def last_line_length(source: Source) -> Int:
    """Give the length without its line end; a line end still belongs to its own line."""
    lengths = joined(0, source.line_sizes[:-1] - 1)
    return source.by_line(lengths.astype(np.int32))


@feature("blank lines before", "counts the blank lines just above",
         tag=Tag.COUNT, example=("a\n\n\nb\nc", "0001220"))
def blank_lines(source: Source) -> Int:
    """Count blank lines in a row above this line; on a blank line, those above it."""
    blank = source.first_visible >= len(source)
    lines = np.arange(len(blank), dtype=np.int32)
    filled = np.maximum.accumulate(np.where(blank, np.int32(-1), lines))
    above = joined(np.int32(0), (lines - filled)[:-1])
    return source.by_line(above)


@feature("lines since a blank line", "counts the lines since the last blank line",
         tag=Tag.COUNT, example=("a\n\nb\nc\n", "0011122"))
def paragraph_line(source: Source) -> Int:
    """Give the number of the line in its paragraph, 0 for the first one of a text."""
    blank = source.first_visible >= len(source)
    lines = np.arange(len(blank), dtype=np.int32)
    above = joined(np.int32(0), np.where(blank, lines, np.int32(0))[:-1])
    return source.by_line(lines - np.maximum.accumulate(above))


@feature("a newline comes next", "predicts that the line ends here",
         tag=Tag.FUTURE, lookahead=Lookahead.TOKEN, predicts="\n", example=("ab\nc", "0100"))
def next_is_newline(source: Source) -> Bool:
    """Mark the characters that a newline follows."""
    return joined(source.newline[1:], False) if len(source) else np.zeros(0, bool)


@feature("characters left of the line", "predicts how many characters the line still has",
         tag=Tag.FUTURE, lookahead=Lookahead.LINE, example=("abc\nd", "21000"))
def to_line_end(source: Source) -> Int:
    """Count the characters before the line end that are still to come; 0 at a line end."""
    ends = source.by_line(source.line_starts + source.line_sizes)
    closed = source.by_line(source.newline[source.line_starts + source.line_sizes - 1]
                            if len(source) else np.zeros(0, bool))
    left = ends - source.places - 1 - closed
    return np.maximum(left, 0).astype(np.int32)
