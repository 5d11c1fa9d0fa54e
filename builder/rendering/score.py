"""Several units over one text: under each line of it a thin row of colour for each unit."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from markupsafe import Markup

from builder.core.cards import Excerpt
from builder.core.labels import FeatureSpec
from builder.rendering.comparing import OnText, SameText
from builder.rendering.excerpts import explored_excerpt, telling, telling_lines
from builder.rendering.marks import Marks, marks_of
from builder.rendering.spans import coloured

TAB = 4
ROWS = 8
"""Units under one text at most."""


@dataclass(frozen=True)
class Line:
    """A line of the text, with the truth marked, and one row of colour for each unit."""

    text: Markup
    rows: tuple[Markup, ...]


@dataclass(frozen=True)
class Score:
    """Some lines of a text.

    Attributes:
        names: Of the units, in the order of the rows.
        units: The units.
        lines: The lines with their rows.
        first: Number of the first line in its document.
    """

    names: tuple[str, ...]
    units: tuple[OnText, ...]
    lines: tuple[Line, ...]
    first: int


def excerpt_of(same: SameText, unit: OnText) -> Excerpt:
    """Return a unit over the text that several share, as an excerpt."""
    return explored_excerpt(same.excerpt, unit.values, same.labels)


def score_of(same: SameText, feature: FeatureSpec, lines: int) -> Score:
    """Return the lines on which the first unit shows best what it does, with all units."""
    units = same.units[:ROWS]
    part = telling_lines(excerpt_of(same, units[0]), lines)
    start = part.start
    values = [unit.values[start : start + len(part.text)] for unit in units]
    return Score(tuple(str(unit.claim.unit) for unit in units), units,
                 tuple(_lines(part, values, marks_of(part.labels, feature))), part.line)


def _lines(part: Excerpt, values: Sequence[Sequence[float]], marks: Marks) -> Iterator[Line]:
    start = 0
    for text in part.text.splitlines(keepends=True):
        stop = start + len(text)
        drawn = coloured(text, [None] * len(text), marks.lines[start:stop], bars=marks.bars)
        yield Line(drawn, tuple(_row(text, own[start:stop]) for own in values))
        start = stop


def _row(text: str, values: Sequence[float]) -> Markup:
    """Return blanks as wide as a line, in the colours of its characters."""
    columns = list(_columns(text))
    return coloured(" " * sum(columns), np.repeat(np.asarray(values, np.float64), columns))


def _columns(text: str) -> Iterator[int]:
    at = 0
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WF"
        flat = unicodedata.category(character) in ("Mn", "Me", "Cf")
        width = TAB - at % TAB if character == "\t" else 2 if wide else 0 if flat else 1
        at += width
        yield width


def best_first(same: SameText) -> SameText:
    """Return the same with the unit first that shows the feature best on this text."""
    ordered = sorted(same.units, key=lambda unit: -telling(excerpt_of(same, unit)))
    return replace(same, units=tuple(ordered))
