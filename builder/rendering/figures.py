"""An excerpt as a drawing of its own, for slides: SVG with the colours of the light theme."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from html import escape
from operator import itemgetter

from markupsafe import Markup

from builder.core.cards import CellCard, Excerpt
from builder.core.labels import FeatureSpec
from builder.rendering.colour import NO_LEVEL, THEMES, levels, ramp
from builder.rendering.marks import MOST, Marks, marks_of
from builder.rendering.numbers import estimated

COLUMN, LINE, SIZE, MARGIN = 8, 20, 13, 16
TAB = 4

THIN, THICK = 1, 3
"""Heights of a line, and of a bar under a single character."""

_level, _number = itemgetter(2), itemgetter(3)
_INK, _PAPER = THEMES["default"][:2]


def figure(cell: CellCard, feature: FeatureSpec, number: int) -> str:
    """Return the drawing of an excerpt of a cell, counted from 1."""
    r = cell.claim.held_out.r
    said = f"{cell.claim.unit}, {feature.title}" + (
        f": r = {estimated(r)} on unseen text" if r.value is not None else "")
    return str(drawing(cell.excerpts[number - 1], feature, said))


def drawing(excerpt: Excerpt, feature: FeatureSpec, said: str) -> Markup:
    """Return an SVG document: the coloured lines, and below them what they are.

    Args:
        excerpt: Text, values, and labels for the marks under the text.
        feature: What sort of feature it is, which decides how it is marked.
        said: A line about the unit.
    """
    marks = marks_of(excerpt.labels, feature)
    lines = [(MARGIN + LINE * n, line) for n, line in enumerate(_lines(excerpt, marks))]
    columns = max([60, *(sum(w for _, w, _, _ in line) for _, line in lines)])
    width = 2 * MARGIN + COLUMN * columns
    height = 2 * MARGIN + LINE * (len(lines) + 2)
    below = MARGIN + LINE * (len(lines) + 1)
    where = f"{excerpt.document}, line {excerpt.line}"
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}">'
        '<title>{2}</title><rect width="{0}" height="{1}" fill="{3}"/>{6}'
        '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="{4}" '
        'fill="{5}" xml:space="preserve">{7}</g><g font-family="sans-serif" font-size="12" '
        'fill="{5}"><text x="{8}" y="{9}">{2}</text><text x="{8}" y="{10}">{11}. Red is high, '
        'blue is low.</text></g></svg>\n'
    ).format(width, height, _legal(said), _PAPER, SIZE, _INK,
             Markup(_under(lines, THICK if marks.bars else THIN)), Markup("".join(_texts(lines))),
             MARGIN, below, below + 16, _legal(where))


Drawn = tuple[str, int, int, int]
"""A character as it is drawn, its columns, its level, and how many lines are under it."""


def _lines(excerpt: Excerpt, marks: Marks) -> Iterator[list[Drawn]]:
    line: list[Drawn] = []
    at, steps = 0, levels(excerpt.values).tolist()
    under = marks.lines.tolist()
    for character, level, number in zip(excerpt.text, steps, under, strict=True):
        if character == "\n":
            yield [*line, ("↵", 1, level, number)]
            line, at = [], 0
            continue
        shown, columns = _shown(character)
        columns = columns or TAB - at % TAB
        line.append((shown, columns, level, number))
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


def _under(lines: list[tuple[int, list[Drawn]]], thick: int) -> str:
    """Return what is under the text: a path for each level, and one for all marks."""
    places: dict[int, list[str]] = {}
    on: list[str] = []
    for y, line in lines:
        for level, x, width in _runs(line, _level):
            places.setdefault(level, []).append(_stroke(x, y, width))
        on += [_stroke(x, y + LINE - 2 - thick + 2 * row, width)
               for number, x, width in _runs(line, _number) for row in range(min(number, MOST))]
    colours = ramp("default")
    paths = [_path(strokes, colours[level]) for level, strokes in sorted(places.items())
             if level != NO_LEVEL]
    return (_lowered(LINE - 1, "".join(paths)) if paths else "") + (
        _lowered(thick, _path(on, _INK)) if on else "")


def _runs(line: list[Drawn], of: Callable[[Drawn], int]) -> Iterator[tuple[int, int, int]]:
    """Yield each run of characters of which something is equal: what, its x and its width."""
    x = MARGIN
    for what, group in itertools.groupby(line, key=of):
        width = COLUMN * sum(columns for _, columns, _, _ in group)
        yield what, x, width
        x += width


def _lowered(thick: int, paths: str) -> str:
    """Return strokes so thick with their upper edges where they say: half as long as boxes."""
    return f'<g stroke-width="{thick}" transform="translate(0,{thick / 2:g})">{paths}</g>'


def _stroke(x: int, y: int, width: int) -> str:
    return f"M{x} {y}h{width}"


def _path(strokes: list[str], colour: str) -> str:
    return f'<path stroke="{colour}" d="{"".join(strokes)}"/>'


def _texts(lines: list[tuple[int, list[Drawn]]]) -> Iterator[str]:
    """Yield the text of each line, escaped; wide characters apart, so that all stand in place."""
    for y, line in lines:
        x = MARGIN
        for _, group in itertools.groupby(line, key=_is_plain):
            cells = list(group)
            text = "".join(c if c != " " else " " * columns for c, columns, _, _ in cells)
            width = COLUMN * sum(columns for _, columns, _, _ in cells)
            indent = COLUMN * (len(text) - len(text.lstrip(" ")))
            if text.strip():
                yield (f'<text x="{x + indent}" y="{y + SIZE + 1}" textLength="{width - indent}">'
                       f'{escape(text.lstrip(" "), quote=False)}</text>')
            x += width


def _is_plain(drawn: Drawn) -> bool:
    return drawn[0].isascii() or drawn[0] == "↵"
