"""How many units reach a correlation: of a network, and of networks that learned nothing."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from builder.rendering.charts.frame import Frame
from builder.rendering.numbers import number

TOPS = (0.1, 0.2, 0.4, 0.6, 0.8)
"""Shares at which the scale may end."""


def coverage_chart(
    of: str, thresholds: Sequence[float], trained: Sequence[float], untrained: Sequence[float],
    units: int,
) -> Markup:
    """Draw the share of units that reach each threshold; fewer than two thresholds draw nothing.

    Args:
        of: What is reached, as a symbol.
        thresholds: Rising.
        trained: How many units of the network reach each.
        untrained: The same of networks that learned nothing, on average.
        units: How many there are.
    """
    if len(thresholds) < 2 or not units:
        return Markup()
    shares = [[count / units for count in row] for row in (trained, untrained)]
    high = next((top for top in TOPS if top >= max(map(max, shares))), 1.0)
    frame = Frame(thresholds[0], thresholds[-1], 0.0, high)
    ends = [f"{trained[at]:g} reach {number(thresholds[at])}, {untrained[at]:g} where nothing was "
            "learned" for at in (0, -1)]
    label = f"|{of}| of {units} units: {'; '.join(ends)}"
    levels = [frame.level(level, f"{level:.0%}") for level in (0.0, high / 2, high)]
    return frame.svg(
        label, *levels,
        frame.below(thresholds, [number(t) for t in thresholds], f"|{of}| at least"),
        frame.line("line untrained", thresholds, shares[1]),
        frame.line("line", thresholds, shares[0]), frame.dots(thresholds, shares[0]))
