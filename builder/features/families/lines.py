"""Features of lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import Lookahead, Phrases, Tag
from builder.features.joined import joined
from builder.features.registry import feature
from builder.features.source import Source

Bool = NDArray[np.bool_]
Int = NDArray[np.int32]


@feature("position in the line", "counts the characters since the line began",
         tag=Tag.COUNT, example=("ab\nc", "1201"),
         phrases=Phrases("the further the line goes on", many="towards the end of long lines",
                         few="near the start of a line", rise="the line goes on",
                         fall="a line ends", least="after {} or more characters of a line"))
def line_position(source: Source) -> Int:
    """Count characters since the last newline, which is 0 itself."""
    return np.where(source.newline, 0, source.places - source.line_start + 1).astype(np.int32)


@feature("length of the previous line", "counts the characters of the previous line",
         tag=Tag.COUNT, example=("abc\nd\n\ne", "00003310"),
         phrases=Phrases("the longer the previous line was", many="after long lines",
                         few="after short ones", rise="a longer line has just ended",
                         fall="a shorter line has just ended",
                         least="where the previous line has {} or more characters"))
def last_line_length(source: Source) -> Int:
    """Give the length without its line end; a line end still belongs to its own line."""
    lengths = joined(0, source.line_sizes[:-1] - 1)
    return source.by_line(lengths.astype(np.int32))


@feature("blank lines just above", "counts the blank lines just above",
         tag=Tag.COUNT, example=("a\n\n\nb\nc", "0001220"),
         phrases=Phrases("the more blank lines come just before", many="after several blank lines",
                         few="after none", rise="a blank line has just ended",
                         fall="a line of text has just ended"))
def blank_lines(source: Source) -> Int:
    """Count blank lines in a row above this line; on a blank line, those above it."""
    blank = source.first_visible >= len(source)
    lines = np.arange(len(blank), dtype=np.int32)
    filled = np.maximum.accumulate(np.where(blank, np.int32(-1), lines))
    above = joined(np.int32(0), (lines - filled)[:-1])
    return source.by_line(above)


@feature("lines since the last blank line", "counts the lines since the last blank line",
         tag=Tag.COUNT, example=("a\n\nb\nc\n", "0011122"),
         phrases=Phrases("the longer it is since the last blank line",
                         many="where the last blank line is far above", few="where it is close",
                         rise="another line begins", fall="a blank line has just ended",
                         least="{} or more lines below a blank line"))
def paragraph_line(source: Source) -> Int:
    """Give the number of the line in its paragraph, 0 for the first one of a text."""
    blank = source.first_visible >= len(source)
    lines = np.arange(len(blank), dtype=np.int32)
    above = joined(np.int32(0), np.where(blank, lines, np.int32(0))[:-1])
    return source.by_line(lines - np.maximum.accumulate(above))


@feature("a newline comes next", "is on where the next character is a newline",
         tag=Tag.FUTURE, lookahead=Lookahead.TOKEN, predicts="\n", example=("ab\nc", "0100"),
         phrases=Phrases("just before a line ends", rise="a line is about to end",
                         fall="the line has ended"))
def next_is_newline(source: Source) -> Bool:
    """Mark the characters that a newline follows."""
    return joined(source.newline[1:], False) if len(source) else np.zeros(0, bool)


@feature("characters left in the line", "counts the characters still to come in the line",
         tag=Tag.FUTURE, lookahead=Lookahead.LINE, example=("abc\nd", "21000"),
         phrases=Phrases("the more characters are left in the line",
                         many="where much of the line is still to come", few="where little is",
                         rise="a new line begins", fall="the line goes on",
                         least="where {} or more characters are left in the line"))
def to_line_end(source: Source) -> Int:
    """Count the characters before the line end that are still to come; 0 at a line end."""
    ends = source.by_line(source.line_starts + source.line_sizes)
    closed = source.by_line(source.newline[source.line_starts + source.line_sizes - 1]
                            if len(source) else np.zeros(0, bool))
    left = ends - source.places - 1 - closed
    return np.maximum(left, 0).astype(np.int32)
