"""An excerpt as a drawing of its own, for slides: SVG with the colours of the light theme."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from operator import itemgetter

from markupsafe import Markup

from builder.core.cards import CellCard, Excerpt
from builder.core.labels import FeatureSpec
from builder.rendering.colour import NO_LEVEL, THEMES, levels, ramp
from builder.rendering.numbers import estimated

COLUMN, LINE, SIZE, MARGIN = 8, 20, 13, 16
TAB = 4

_level_and_flag = itemgetter(2, 3)
_INK, _PAPER = THEMES["default"][:2]


def figure(cell: CellCard, feature: FeatureSpec, number: int) -> str:
    """Return the drawing of an excerpt of a cell, counted from 1."""
    r = cell.claim.held_out.r
    said = f"{cell.claim.unit}, {feature.title}" + (
        f": r = {estimated(r)} on held-out text" if r.value is not None else "")
    return str(drawing(cell.excerpts[number - 1], feature, said))


def drawing(excerpt: Excerpt, feature: FeatureSpec, said: str) -> Markup:
    """Return an SVG document: the coloured lines, and below them what they are.

    Args:
        excerpt: Text, values, and labels for lines under the text where the feature is on.
        feature: What sort of feature it is; counts have no lines.
        said: A line about the unit.
    """
    marked = feature.is_binary
    lines = list(_lines(excerpt))
    columns = max([60, *(sum(w for _, w, _, _ in line) for line in lines)])
    width = 2 * MARGIN + COLUMN * columns
    height = 2 * MARGIN + LINE * (len(lines) + 2)
    rows = (_row(line, MARGIN + LINE * n, marked) for n, line in enumerate(lines))
    below = MARGIN + LINE * (len(lines) + 1)
    where = f"{excerpt.document}, line {excerpt.line}"
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}">'
        '<title>{2}</title><rect width="{0}" height="{1}" fill="{3}"/>'
        '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="{4}" '
        'fill="{5}">{6}</g><g font-family="sans-serif" font-size="12" fill="{5}">'
        '<text x="{7}" y="{8}">{2}</text><text x="{7}" y="{9}">{10}. Red is high, blue is low.'
        '</text></g></svg>\n'
    ).format(width, height, _legal(said), _PAPER, SIZE, _INK, Markup("".join(rows)), MARGIN,
             below, below + 16, _legal(where))


Drawn = tuple[str, int, int, bool]
"""A character as it is drawn, its columns, its level, and whether the feature is on."""


def _lines(excerpt: Excerpt) -> Iterator[list[Drawn]]:
    line: list[Drawn] = []
    at, steps = 0, levels(excerpt.values).tolist()
    for character, level, label in zip(excerpt.text, steps, excerpt.labels, strict=True):
        if character == "\n":
            yield [*line, ("↵", 1, level, label != 0)]
            line, at = [], 0
            continue
        shown, columns = _shown(character)
        columns = columns or TAB - at % TAB
        line.append((shown, columns, level, label != 0))
        at += columns
    if line:
        yield line


@lru_cache(maxsize=4096)
def _shown(character: str) -> tuple[str, int]:
    """Return what is drawn of a character and its columns; 0 where they depend on the place."""
    if character == "\t":
        return " ", 0
    return _legal(character), 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _legal(text: str) -> str:
    """Return a text without what XML cannot hold or what would act."""
    return "".join("\ufffd" if unicodedata.category(c)[0] == "C" else c for c in text)


def _row(line: list[Drawn], y: int, marked: bool) -> str:
    """Return the rectangles, the text and the lines under it of one line, escaped."""
    colours, parts, x = ramp("default"), [], MARGIN
    for (level, on), group in itertools.groupby(line, key=_level_and_flag):
        cells = list(group)
        width = COLUMN * sum(columns for _, columns, _, _ in cells)
        if level != NO_LEVEL:
            parts.append(f'<rect x="{x}" y="{y}" width="{width}" height="{LINE - 1}" '
                         f'fill="{colours[level]}"/>')
        text = "".join(character for character, _, _, _ in cells)
        if text.strip():
            parts.append(f'<text x="{x}" y="{y + SIZE + 1}" textLength="{width}" '
                         f'lengthAdjust="spacingAndGlyphs" xml:space="preserve">'
                         f'{escape(text, quote=False)}</text>')
        if marked and on:
            parts.append(f'<rect x="{x}" y="{y + LINE - 3}" width="{width}" height="1" '
                         f'fill="{_INK}"/>')
        x += width
    return "".join(parts)
