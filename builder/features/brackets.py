"""Brackets of code: who encloses whom, followed once for all features that ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.features.joined import joined

PARTNER = {")": "(", "]": "[", "}": "{"}

Int = NDArray[np.int32]


@dataclass(frozen=True)
class Brackets:
    """What is open after each character, int32[N] each.

    Attributes:
        depth: All brackets.
        round: Of them, (.
        square: Of them, [.
        curly: Of them, {.
        calls: Open brackets that follow a name or a closing bracket: calls and subscripts.
        marked: Open brackets that were marked.
        inner: Position of the bracket that was opened last of those open, −1 for none.
    """

    depth: Int
    round: Int
    square: Int
    curly: Int
    calls: Int
    marked: Int
    inner: Int


def follow(
    text: str, positions: NDArray[np.int64], calls: NDArray[np.bool_], marked: NDArray[np.bool_]
) -> Brackets:
    """Follow the brackets of a text.

    A bracket closes the last one open of its kind and what was opened since; one without a
    partner closes nothing.

    Args:
        text: N characters.
        positions: Where brackets of code are, rising.
        calls: bool[len(positions)], those that follow a name.
        marked: bool[len(positions)], those that somebody wants to know of.
    """
    rows = _rows([text[p] for p in positions.tolist()], positions.tolist(), calls.tolist(),
                 marked.tolist())
    table = np.array([(0, 0, 0, 0, 0, 0, -1), *rows], np.int32).T
    reach = np.diff(joined(0, positions, len(text)))
    return Brackets(*(np.repeat(column, reach) for column in table))


Row = tuple[int, int, int, int, int, int, int]

_OPEN = {"(": 1, "[": 2, "{": 3}
"""Where a row says how many brackets of a kind are open."""


def _rows(
    brackets: Sequence[str], positions: Sequence[int], calls: Sequence[bool],
    marked: Sequence[bool],
) -> list[Row]:
    """Return what is open after each bracket; the stack holds what was so before."""
    rows: list[Row] = []
    stack: list[tuple[str, Row]] = []
    now: Row = (0, 0, 0, 0, 0, 0, -1)
    for bracket, at, call, mark in zip(brackets, positions, calls, marked, strict=True):
        if bracket in "([{":
            stack.append((bracket, now))
            depth, round_, square, curly, called, wanted, _ = now
            now = (depth + 1, round_ + (bracket == "("), square + (bracket == "["),
                   curly + (bracket == "{"), called + call, wanted + mark, at)
        else:
            partner = PARTNER[bracket]
            if now[_OPEN[partner]]:
                while stack[-1][0] != partner:
                    stack.pop()
                now = stack.pop()[1]
        rows.append(now)
    return rows
