"""Events: what opens and closes, and what comes next of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import Lookahead, Phrases, Tag
from builder.features.joined import joined
from builder.features.registry import CODE, feature
from builder.features.source import Source

Bool = NDArray[np.bool_]


def _changes(source: Source) -> NDArray[np.int32]:
    level = source.brackets.depth + (source.in_string | source.in_comment)
    return np.diff(level, prepend=np.int32(0))


@feature("a bracket, string or comment opens",
         "marks the character that opens a bracket, a string or a comment",
         tag=Tag.EVENT, lookahead=Lookahead.TOKEN, languages=CODE, opposite="closes",
         example=("f('a')", "011000"),
         phrases=Phrases("whenever a bracket, string or comment opens",
                         rise="a bracket, string or comment opens",
                         fall="a bracket, string or comment closes"))
def opens(source: Source) -> Bool:
    """Mark where the bracket depth rises or a string or comment begins."""
    return _changes(source) > 0


@feature("a bracket, string or comment closes",
         "marks the character that closes a bracket, a string or a comment",
         tag=Tag.EVENT, lookahead=Lookahead.TOKEN, languages=CODE, opposite="opens",
         example=("f('a')", "000011"),
         phrases=Phrases("whenever a bracket, string or comment closes",
                         rise="a bracket, string or comment closes",
                         fall="a bracket, string or comment opens"))
def closes(source: Source) -> Bool:
    """Mark where the bracket depth falls or a string or comment ends."""
    return _changes(source) < 0


@feature("a newline", "marks the newlines", tag=Tag.EVENT, example=("a\nb", "010"),
         phrases=Phrases("at the end of every line", rise="a line ends",
                         fall="the next line begins"))
def newline(source: Source) -> Bool:
    """Mark line ends."""
    return source.newline


@feature("a bracket closes next", "is on where the next character closes a bracket",
         tag=Tag.FUTURE, lookahead=Lookahead.TOKEN, languages=CODE, predicts=")]}",
         example=("f(a[b])", "0000110"),
         phrases=Phrases("just before a bracket closes", rise="a bracket is about to close",
                         fall="the bracket has closed"))
def next_closes(source: Source) -> Bool:
    """Mark the characters that a closing bracket of code follows."""
    falls = np.diff(source.brackets.depth, prepend=np.int32(0)) < 0
    return joined(falls[1:], False) if len(source) else falls
