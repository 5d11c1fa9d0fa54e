"""Features of blocks and of the indentation that shows them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import Lookahead, Phrases, Tag
from builder.features.indentation import from_places
from builder.features.registry import feature
from builder.features.source import Source

Bool = NDArray[np.bool_]
Int = NDArray[np.int32]
BLOCKS = frozenset({"python", "c", "cpp"})


@feature("indentation depth", "counts by how many columns the line is indented",
         tag=Tag.COUNT, example=("if a:\n  b\nc\n\nd", "00000000220000"),
         phrases=Phrases("the further the line is indented", many="in deeply indented lines",
                         few="in lines with little indentation", rise="a line is indented further",
                         fall="a line is indented less",
                         least="in lines indented by {} or more"))
def indent_depth(source: Source) -> Int:
    """Give the columns of the last line whose first visible character was read.

    So it changes at that character and not before, and blank lines change nothing. A tab counts
    8 columns.
    """
    first = source.first_visible
    there = first < len(source)
    return from_places(source, first[there], source.indents[there])


@feature("in the indentation", "is on in the spaces and tabs that begin a line",
         tag=Tag.STATE, example=("a\n  b c", "0011000"),
         phrases=Phrases("in the spaces at the start of a line",
                         rise="the indentation of a line begins",
                         fall="the indentation of a line ends"))
def in_indent(source: Source) -> Bool:
    """Mark blanks with nothing but blanks before them on their line."""
    before = source.places < source.by_line(source.first_visible)
    return before & source.blank & ~source.newline


@feature("block depth", "counts the blocks of code that are open",
         tag=Tag.COUNT, lookahead=Lookahead.TOKEN, languages=BLOCKS,
         example=("if a:\n  if b:\n    c\nd", "000000001111111111220"),
         phrases=Phrases("the deeper the blocks of code are nested",
                         many="where blocks are nested deeply", few="where they are not",
                         rise="a block of code begins", fall="a block of code ends",
                         least="inside {} or more blocks of code"))
def block_depth(source: Source) -> Int:
    """Count blocks by indentation in Python, by curly brackets in C and C++."""
    return source.block_depth


@feature("lines since the block changed", "counts the lines since a block began or ended",
         tag=Tag.COUNT, lookahead=Lookahead.TOKEN, languages=BLOCKS,
         example=("a\nb\nif c:\n  d\n  e\n", "011222222333011112"),
         phrases=Phrases("the longer it is since a block began or ended",
                         many="where the last change of block is far above",
                         few="where it is close", rise="a line ends within the block",
                         fall="a block begins or ends",
                         least="{} or more lines after a block began or ended"))
def block_lines(source: Source) -> Int:
    """Count line ends since the depth of blocks changed."""
    depth = source.block_depth
    lines = np.cumsum(source.newline, dtype=np.int32)
    changed = np.flatnonzero(np.diff(depth, prepend=np.int32(0)) != 0)
    return lines - from_places(source, changed, lines[changed])
