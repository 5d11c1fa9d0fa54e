"""How often a unit has which value, where its feature is on and where it is off."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from builder.core.shown import Histogram
from builder.rendering.charts.frame import Frame


def histogram_chart(histogram: Histogram) -> Markup:
    """Draw both shapes, each of the same area, over −1 to 1; nothing where one is empty.

    Args:
        histogram: Counts in equal bins.
    """
    off, on = _shares(histogram.off), _shares(histogram.on)
    if not off or not on:
        return Markup()
    frame = Frame(-1.0, 1.0, 0.0, max(*off, *on))
    label = (f"Values of the unit: where the feature is on, the middle one is near "
             f"{_median(on):.1f}, elsewhere near {_median(off):.1f}").replace("-", "−")
    return frame.svg(label, frame.below((-1.0, 0.0, 1.0), ("−1", "0", "1"), "value of the unit"),
                     _shape(frame, "on", on), _shape(frame, "off", off))


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts)
    return [count / total for count in counts] if total else []


def _edges(count: int) -> list[float]:
    return [-1 + 2 * i / count for i in range(count + 1)]


def _median(shares: Sequence[float]) -> float:
    total, edges = 0.0, _edges(len(shares))
    for i, share in enumerate(shares):
        total += share
        if total >= 0.5:
            return (edges[i] + edges[i + 1]) / 2
    return edges[-1]


def _shape(frame: Frame, kind: str, shares: Sequence[float]) -> Markup:
    """Return the outline of a histogram, step by step."""
    edges = _edges(len(shares))
    xs = [edges[0], *[x for i in range(len(shares)) for x in edges[i : i + 2]], edges[-1]]
    ys = [0.0, *[share for share in shares for _ in range(2)], 0.0]
    return Markup('<polygon class="{}" points="{}"/>').format(kind, frame.points(xs, ys))
