"""The values of a unit along an excerpt, with its feature behind and the memoryless twin."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import lru_cache

from markupsafe import Markup

from builder.core.cards import Excerpt
from builder.core.runs import runs
from builder.core.shown import Gaps
from builder.rendering.numbers import number

UNIT = 1000
"""Steps of the drawing for 1: stored values have three digits."""


def trace_chart(unit: str, excerpt: Excerpt, counts: bool, *, twin: bool = True) -> Markup:
    """Draw an excerpt's values, one step to the right a character; no characters draw nothing.

    The path of the values is `M0 y` and then pairs of steps, so that a script can read every
    value back; runs of equal labels are in `data-labels`.

    Args:
        unit: Its name.
        excerpt: Values, labels and the twin.
        counts: Whether the feature is a number to be drawn as steps; else it is shaded.
        twin: Whether the twin is drawn too.
    """
    return _drawn(unit, excerpt.values, excerpt.labels, excerpt.twin if twin else (), counts)


@lru_cache(maxsize=64)  # a cell's page and its embed page show the same excerpts
def _drawn(
    unit: str, values: tuple[float, ...], labels: tuple[float, ...], twin: Gaps, counts: bool
) -> Markup:
    if not values:
        return Markup()
    size = _size(values)
    label = (f"Trace of {unit} over the excerpt, from {number(min(values))} to "
             f"{number(max(values))}")
    parts = [_steps(labels, size) if counts else _shades(labels, size),
             Markup('<path class="axis" d="M0 0H{}"/>').format(len(values))]
    if twin:
        parts.append(Markup('<path class="twin" d="{}"/>').format(_with_gaps(twin)))
    parts.append(Markup('<path class="value" d="{}"/>').format(_path(values)))
    return Markup('<svg class="trace" role="img" aria-label="{}" viewBox="0 {} {} {}" '
                  'preserveAspectRatio="none" data-labels="{}">{}</svg>').format(
        label, -size, len(values), 2 * size, runs(labels), Markup("").join(parts))


def trace_end(excerpt: Excerpt) -> str:
    """Return the value at the upper edge of an excerpt's drawing; at the lower is its minus."""
    end = _size(excerpt.values) / UNIT
    return "1" if end == 1 else number(end, 1)


def _size(values: Sequence[float]) -> int:
    """Return half of the height of a drawing: that of 1, or of the value farthest from 0."""
    return round(UNIT * max(1.0, *map(abs, values))) if values else UNIT


def _height(value: float) -> int:
    return -round(UNIT * value)


def _path(values: Sequence[float]) -> str:
    """Return a line through values, in steps from each to the next."""
    heights = [_height(v) for v in values]
    steps = [f"1 {b - a}" if b >= a else f"1{b - a}" for a, b in itertools.pairwise(heights)]
    return f"M0 {heights[0]}" + (f"l{' '.join(steps)}" if steps else "")


def _with_gaps(values: Gaps) -> str:
    return "".join(f"M{start} " + _path(run)[3:] for start, run in _runs(values))


def _runs(values: Gaps) -> Iterator[tuple[int, list[float]]]:
    """Yield each stretch of numbers with its place."""
    for there, group in itertools.groupby(enumerate(values), lambda pair: pair[1] is not None):
        if there:
            pairs = list(group)
            yield pairs[0][0], [v for _, v in pairs if v is not None]


def _shades(labels: Sequence[float], size: int) -> Markup:
    """Return a rectangle for each stretch where the feature is on."""
    drawn, at = [], 0
    for on, group in itertools.groupby(labels, lambda label: label != 0):
        length = len(list(group))
        if on:
            drawn.append(f"M{at} {-size}h{length}v{2 * size}h{-length}z")
        at += length
    return Markup('<path class="shade" d="{}"/>').format("".join(drawn))


def _steps(labels: Sequence[float], size: int) -> Markup:
    """Return the count as steps, its largest value in this excerpt at the top."""
    top = max(labels) or 1.0
    d: list[str] = []
    for label, group in itertools.groupby(labels):
        y = round(size - 2 * size * label / top)
        d.append(f"{'V' if d else 'M0 '}{y}h{len(list(group))}")
    return Markup('<path class="count" d="{}"/>').format("".join(d))
