"""Features that count how deep the text is nested."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import Lookahead, Tag
from builder.features.registry import CODE, feature
from builder.features.source import Source
from builder.features.strings import comment_or_string
from builder.features.tokens import Kind, Token

TAB = 8


def _depth(opens: NDArray[np.bool_], closes: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count opened minus closed, never below zero: what closes too much closes nothing."""
    level = np.cumsum(opens.astype(np.int64) - closes)
    return level - np.minimum(np.minimum.accumulate(level), 0) if len(level) else level


@feature("bracket depth", "counts the brackets of all kinds that are open",
         tag=Tag.COUNT, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("f(a[1], '(')", "011221111110"))
def bracket_depth(source: Source) -> NDArray[np.int64]:
    """Count (, [ and { in code alone."""
    return _depth(source.in_code("([{"), source.in_code(")]}"))


@feature("inside parentheses", "is on from an opening parenthesis to the one that closes it",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("f(a) + b", "01100000"))
def in_parens(source: Source) -> NDArray[np.bool_]:
    """Mark where at least one ( of code is open."""
    return np.greater(_depth(source.in_code("("), source.in_code(")")), 0)


@feature("indentation depth", "counts by how many columns the line is indented",
         tag=Tag.COUNT, example=("if a:\n  b\nc\n\nd", "00000000220000"))
def indent_depth(source: Source) -> NDArray[np.int64]:
    """Give the columns of the last line whose first visible character was read.

    So it changes at that character and not before, and blank lines change nothing.
    """
    first = _first_visible(source)
    columns = _columns(source)
    at = np.maximum.accumulate(np.where(first, np.arange(len(first)), -1)) if len(first) else first
    return np.where(at >= 0, columns[np.maximum(at, 0)], 0)


@feature("in the indentation", "is on in the blanks that begin a line",
         tag=Tag.STATE, example=("a\n  b c", "0011000"))
def in_indent(source: Source) -> NDArray[np.bool_]:
    """Mark blanks with nothing but blanks before them on their line."""
    leading: NDArray[np.bool_] = source.equal_to(" \t\f") & (_visible_so_far(source) == 0)
    return leading


def _visible_so_far(source: Source) -> NDArray[np.int64]:
    """Count the visible characters of the line up to and with each character, int64[N]."""
    visible = ~source.equal_to(" \t\f\r\n")
    total = np.cumsum(visible)
    return total - _at_line_start(source, total - visible)


def _at_line_start(source: Source, values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give each character the value that the first character of its line has, int64[N]."""
    n = len(source.text)
    starts = np.r_[True, source.equal_to("\n")[:-1]] if n else np.zeros(0, bool)
    at = np.maximum.accumulate(np.where(starts, np.arange(n), 0)) if n else np.zeros(0, np.int64)
    return values[at]


def _first_visible(source: Source) -> NDArray[np.bool_]:
    visible = ~source.equal_to(" \t\f\r\n")
    first: NDArray[np.bool_] = visible & (_visible_so_far(source) == 1)
    return first


def _columns(source: Source) -> NDArray[np.int64]:
    """Width of the blanks before the first visible character of a line, int64[N].

    A tab goes to the next multiple of 8, which for blanks of one sort is a width of 8.
    """
    width = np.where(source.equal_to("\t"), TAB, 1) * in_indent(source)
    total = np.cumsum(width)
    return total - _at_line_start(source, total - width)


@feature("inside the condition of an if", "is on from `if` to the end of its condition",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=frozenset({"python", "c", "cpp"}),
         example=("if a(b): c", "0111111000"))
def in_if_condition(source: Source) -> NDArray[np.bool_]:
    """Mark from the keyword to the colon, or in C from the parenthesis to its partner."""
    spans = _python_conditions if source.language == "python" else _c_conditions
    on = np.zeros(len(source.text), bool)
    for start, stop in spans(source):
        on[start:stop] = True
    return on


def _python_conditions(source: Source) -> Iterator[tuple[int, int]]:
    depth = _depth(source.in_code("([{"), source.in_code(")]}"))
    colons, first = np.flatnonzero(source.in_code(":")), _first_visible(source)
    for token in _if_tokens(source):
        if not first[token.start]:
            continue
        after = colons[np.searchsorted(colons, token.start):]
        ends = after[depth[after] == depth[token.start]][:1] if len(after) else after
        yield token.start + len(token.text) - 1, int(ends[0]) if len(ends) else len(source.text)


def _c_conditions(source: Source) -> Iterator[tuple[int, int]]:
    opens, closes = source.in_code("("), source.in_code(")")
    depth = _depth(opens, closes)
    opening, closing = np.flatnonzero(opens), np.flatnonzero(closes)
    for token in _if_tokens(source):
        following = opening[np.searchsorted(opening, token.start):]
        if len(following):
            start = int(following[0])
            after = closing[np.searchsorted(closing, start):]
            ends = after[depth[after] < depth[start]][:1]
            yield start, int(ends[0]) if len(ends) else len(source.text)


def _if_tokens(source: Source) -> Iterator[Token]:
    for token in source.tokens:
        if token.kind is Kind.KEYWORD and token.text in ("if", "elif"):
            yield token


@feature("something opens", "marks the character that opens a bracket, a string or a comment",
         tag=Tag.EVENT, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("f('a')", "011000"))
def opens(source: Source) -> NDArray[np.bool_]:
    """Mark where the bracket depth rises or a string or comment begins."""
    return np.greater(_changes(source), 0)


@feature("something closes", "marks the character that closes a bracket, a string or a comment",
         tag=Tag.EVENT, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("f('a')", "000011"))
def closes(source: Source) -> NDArray[np.bool_]:
    """Mark where the bracket depth falls or a string or comment ends."""
    return np.less(_changes(source), 0)


def _changes(source: Source) -> NDArray[np.int64]:
    level = np.add(bracket_depth(source), comment_or_string(source), dtype=np.int64)
    return np.diff(level, prepend=np.int64(0))
