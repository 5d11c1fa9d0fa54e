"""How much of a feature so many units tell together, as a curve."""

from __future__ import annotations

from markupsafe import Markup

from builder.core.worded import Spread
from builder.rendering.charts.frame import Frame
from builder.rendering.numbers import percent


def spread_chart(spread: Spread) -> Markup:
    """Draw the share that one unit tells, two, and so on to all; fewer than three draw nothing.

    A dashed line stands at what networks that learned nothing tell, all units together.
    """
    told = [max(0.0, share) for share in (*spread.explained, spread.linear) if share is not None]
    sizes = [*map(str, spread.sizes), "all"]
    if len(told) < 3 or len(told) != len(sizes):
        return Markup()
    frame, xs = Frame(0, len(told) - 1, 0.0, 1.0, width=300, height=150), range(len(told))
    label = "; ".join(f"{size} {'unit' if size == '1' else 'units'}: {percent(share)}"
                      for size, share in zip(sizes, told, strict=True))
    blind = frame.line("line untrained", (0, len(told) - 1), (max(0.0, spread.reservoir),) * 2) \
        if spread.reservoir is not None else Markup()
    return frame.svg(label, *(frame.level(at, f"{at:.0%}") for at in (0.0, 0.5, 1.0)),
                     frame.below(xs, sizes, "units"), blind,
                     frame.line("line", xs, told), frame.dots(xs, told))
