"""Features of quoted and commented stretches of code."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import Lookahead, Tag
from builder.features.registry import CODE, feature
from builder.features.source import PROSE, Source
from builder.features.tokens import Kind, Token

Span = tuple[int, int]
"""Positions at which a stretch is on: from, to (exclusive)."""


def _fill(length: int, spans: Iterator[Span]) -> NDArray[np.bool_]:
    on = np.zeros(length, bool)
    for start, stop in spans:
        on[start:stop] = True
    return on


def _string_spans(tokens: list[Token]) -> Iterator[Span]:
    """Yield where a string is open: after its opening quote and before its closing one.

    The delimiters of open strings are kept on a stack, with "{" for code inside a string.
    """
    open_: list[str] = []
    for start, kind, text in tokens:
        stop = start + len(text)
        inside = bool(open_) and open_[-1] != "{"
        if kind is Kind.DOCSTRING:
            yield start + _quote_length(text) - 1, stop - 1
        elif kind is Kind.INTERPOLATION and text == "{" and inside:
            open_.append("{")
        elif kind is Kind.INTERPOLATION and text.endswith("}") and open_ and not inside:
            open_.pop()
            yield stop - 1, stop
        elif kind in (Kind.STRING, Kind.INTERPOLATION):
            yield from _string_token(open_, inside, start, text)
        elif inside and "\n" in text and len(open_[-1]) == 1:
            open_.pop()


def _string_token(open_: list[str], inside: bool, start: int, text: str) -> Iterator[Span]:
    stop = start + len(text)
    if inside and text == open_[-1]:
        open_.pop()
        yield start, stop - 1
    elif inside:
        yield start, stop
    elif text.strip("\"'`") == "":
        open_.append(text)
        yield stop - 1, stop
    else:
        yield start, stop - 1


def _quote_length(text: str) -> int:
    return 3 if text.startswith(('"""', "'''")) else 1


def _comment_spans(tokens: list[Token]) -> Iterator[Span]:
    for start, kind, text in tokens:
        if kind is Kind.COMMENT:
            bare = text.rstrip("\n")
            closed = bare.startswith("/*") and bare.endswith("*/")
            opener = 2 if bare.startswith(("/*", "//")) else 1
            yield start + opener - 1, start + len(bare) - closed


@feature("inside a string", "is on from the opening quote of a string to its closing quote",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("a = 'b' + f\"c{d}\"", "00001100000110010"))
def in_string(source: Source) -> NDArray[np.bool_]:
    """Mark strings of every kind, docstrings too; code inside an f-string is outside."""
    return _fill(len(source.text), _string_spans(source.tokens))


@feature("inside a comment", "is on from the mark that opens a comment to the comment's end",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("a  # b\nc", "00011100"))
def in_comment(source: Source) -> NDArray[np.bool_]:
    """Mark comments from the last character of their opening mark on."""
    return _fill(len(source.text), _comment_spans(source.tokens))


@feature("inside a comment or a string", "is on wherever the text is not code",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=CODE,
         example=("'a' # b\nc", "110011100"))
def comment_or_string(source: Source) -> NDArray[np.bool_]:
    """Mark both."""
    return np.logical_or(in_string(source), in_comment(source))


@feature("inside a docstring", "is on inside the text that documents a module or a function",
         tag=Tag.STATE, lookahead=Lookahead.TOKEN, languages=frozenset({"python"}),
         example=('def f():\n "" \n """a"""', "0000000000000000011110"))
def in_docstring(source: Source) -> NDArray[np.bool_]:
    """Mark triple-quoted strings that stand at the start of a line."""
    documents = [token for token in source.tokens if token.kind is Kind.DOCSTRING]
    return _fill(len(source.text), _string_spans(documents))


@feature("inside quotation marks", "is on while somebody speaks, between quotation marks",
         tag=Tag.STATE, languages=PROSE, example=('He: "no" so', "00001110000"))
def in_quotes(source: Source) -> NDArray[np.bool_]:
    """Mark from an opening double quotation mark to the closing one; a blank line closes it."""
    straight, opening, closing = (source.equal_to(c) for c in ('"', "\u201c", "\u201d"))
    line_end = source.equal_to("\n")
    blank = line_end & np.r_[False, line_end[:-1]]
    on, now = np.zeros(len(source.text), bool), False
    last = 0
    for at in np.flatnonzero(straight | opening | closing | blank).tolist():
        on[last:at] = now
        now = False if blank[at] or closing[at] else True if opening[at] else not now
        last = at
    on[last:] = now
    return on
