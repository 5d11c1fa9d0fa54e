"""Statements of Python: where each begins, ends, and which keyword begins it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.features.joined import joined
from builder.features.lexed import LexedText

Places = NDArray[np.intp]


@dataclass(frozen=True)
class Statements:
    """S statements, each on a line of its own.

    Attributes:
        starts: int64[S], first visible character.
        stops: int64[S], the line end that ends it, N where there is none.
        colons: int64[S], the colon that ends its head, `stops` where there is none.
        words: int64[S], number of the word it begins with, −1 where that is none.
    """

    starts: Places
    stops: Places
    colons: Places
    words: Places


def find_statements(source: LexedText) -> Statements:
    """Find the statements: lines that begin outside of brackets, strings and continued lines."""
    n, words = len(source), source.word_list
    first = source.first_visible[source.first_visible < n].astype(np.intp)
    outside = joined(0, source.brackets.depth)[first] == 0
    goes_on = _continued(source)[first]
    # A comment line is none; a string that begins a line begins a statement.
    code = source.code[first] | np.isin(first, [s for s, _ in source.scan.strings])
    starts = first[outside & code & ~goes_on]
    ends = np.flatnonzero(source.newline & (source.brackets.depth == 0) & _not_in_string(source)
                          & ~_escaped(source))
    stops = _next(ends, starts, n)
    colons = np.flatnonzero(source.in_code(":") & (source.brackets.depth == 0))
    heads = np.minimum(_next(colons, starts, n), stops)
    if len(words):
        number = words.number[starts].astype(np.intp)
        number = np.where(source.words[starts], number, -1)
    else:
        number = np.full(len(starts), -1)
    return Statements(starts, stops, heads, number)


def _next(places: Places, after: Places, none: int) -> Places:
    """Return the first of `places` at or after each position."""
    return joined(places, none)[np.searchsorted(places, after)]


def _not_in_string(source: LexedText) -> NDArray[np.bool_]:
    return ~source.in_string


def _escaped(source: LexedText) -> NDArray[np.bool_]:
    """Return which line ends a backslash takes away."""
    return source.newline & joined(False, source.equal_to("\\")[:-1] & source.code[:-1])


def _continued(source: LexedText) -> NDArray[np.bool_]:
    """Return which characters are on a line that goes on from the one before, bool[N]."""
    before = source.line_start.astype(np.intp) - 1
    inside = source.in_string | _escaped(source)
    return np.where(before >= 0, inside[np.maximum(before, 0)], False)
