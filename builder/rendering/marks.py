"""The truth about a text, drawn on it: how many lines stand under each character, and their words.

A state has one line where it is on. A count has more lines for more: one each up to four, and a
small digit with them beyond that. Events, and what is still to come, have a bar under the character
itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.labels import FeatureSpec, Tag
from builder.rendering.phrases import phrase

STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""How much one line can stand for."""

MOST, DIGITS = 4, 9
"""Lines under one character; the count up to which a digit says what goes beyond them."""

BUSY, FEW = 4, 8
"""A text of N characters has at most N / BUSY changes of its lines, or FEW: beyond that nobody
could read them, and pages would grow."""


@dataclass(frozen=True)
class Marks:
    """Lines under a text.

    Attributes:
        lines: How many under each character, uint8[N].
        bars: Whether they are bars, of single characters.
        step: How much of a count one line stands for, 1 where it is no count.
    """

    lines: NDArray[np.uint8]
    bars: bool = False
    step: int = 1


def marks_of(labels: Sequence[float], feature: FeatureSpec) -> Marks:
    """Return the lines under a text whose characters have these labels."""
    numbers = np.nan_to_num(np.asarray(labels, np.float64))
    if feature.is_binary:
        return Marks((numbers != 0).astype(np.uint8), is_bar(feature))
    counts = np.maximum(numbers, 0)
    step = next((step for step in STEPS if _readable(_lines(counts, step), step)), STEPS[-1])
    most = DIGITS if step == 1 else MOST
    return Marks(np.minimum(_lines(counts, step), most).astype(np.uint8), step=step)


def is_bar(feature: FeatureSpec) -> bool:
    """Tell whether single characters are marked, not stretches."""
    return feature.is_binary and feature.tag in (Tag.EVENT, Tag.FUTURE)


def mark_words(feature: FeatureSpec) -> str:
    """Return what the marks of a feature mean: "underlined: inside strings"."""
    return f"{how_marked(feature)} {phrase(feature)}"


def how_marked(feature: FeatureSpec) -> str:
    """Return what the marks look like, with what stands before what they mean."""
    if not feature.is_binary:
        return "the more lines under the text,"
    return "bar under a character:" if is_bar(feature) else "underlined:"


def step_words_of(labels: Sequence[float], feature: FeatureSpec) -> str:
    """Return how much of a count one line stands for under a text; empty where that is 1."""
    return step_words(marks_of(labels, feature))


def step_words(marks: Marks) -> str:
    """Return how much one line stands for; empty where that is 1."""
    return f"one line for each {marks.step}" if marks.step > 1 else ""


def _lines(counts: NDArray[np.float64], step: int) -> NDArray[np.intp]:
    return np.ceil(counts / step).astype(np.intp)


def _readable(lines: NDArray[np.intp], step: int) -> bool:
    """Tell whether lines are few enough, and change seldom enough."""
    changes = int(np.count_nonzero(np.diff(lines)))
    allowed = max(FEW, math.ceil(len(lines) / BUSY))
    return int(lines.max(initial=0)) <= (DIGITS if step == 1 else MOST) and changes <= allowed
