"""Events: what opens and closes, and what comes next of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import Lookahead, Tag
from builder.features.joined import joined
from builder.features.registry import CODE, feature
from builder.features.source import Source

Bool = NDArray[np.bool_]


def _changes(source: Source) -> NDArray[np.int32]:
    level = source.brackets.depth + (source.in_string | source.in_comment)
    return np.diff(level, prepend=np.int32(0))


@feature("something opens", "marks the character that opens a bracket, a string or a comment",
         tag=Tag.EVENT, lookahead=Lookahead.TOKEN, languages=CODE, opposite="closes",
         example=("f('a')", "011000"))
def opens(source: Source) -> Bool:
    """Mark where the bracket depth rises or a string or comment begins."""
    return _changes(source) > 0


@feature("something closes", "marks the character that closes a bracket, a string or a comment",
         tag=Tag.EVENT, lookahead=Lookahead.TOKEN, languages=CODE, opposite="opens",
         example=("f('a')", "000011"))
def closes(source: Source) -> Bool:
    """Mark where the bracket depth falls or a string or comment ends."""
    return _changes(source) < 0


@feature("a newline", "marks the line ends", tag=Tag.EVENT, example=("a\nb", "010"))
def newline(source: Source) -> Bool:
    """Mark line ends."""
    return source.newline


@feature("a bracket closes next", "predicts that the innermost bracket closes here",
         tag=Tag.FUTURE, lookahead=Lookahead.TOKEN, languages=CODE, predicts=")]}",
         example=("f(a[b])", "0000110"))
def next_closes(source: Source) -> Bool:
    """Mark the characters that a closing bracket of code follows."""
    falls = np.diff(source.brackets.depth, prepend=np.int32(0)) < 0
    return joined(falls[1:], False) if len(source) else falls
