"""Groups of numbers one under another on a scale that goes in tenfolds: a box each, and dots."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log10

from markupsafe import Markup

WIDTH, LEFT, RIGHT, ROW, TOP, BOTTOM = 420, 8, 14, 46, 4, 34


@dataclass(frozen=True)
class Group:
    """A row of the drawing.

    Attributes:
        name: What stands above it.
        box: Five rising numbers: the ends of a line, the ends of a box in it, its middle third.
            None draws no box.
        dots: Words and number of each dot.
    """

    name: str
    box: tuple[float, ...]
    dots: Sequence[tuple[str, float]]


def boxes_chart(label: str, title: str, groups: Sequence[Group], first: int, last: int) -> Markup:
    """Draw groups on a scale from 10 to the power of `first` to that of `last`.

    Args:
        label: What is seen, in words.
        title: What the scale is of.
        groups: Rows, from the top.
        first: The lower power.
        last: The higher power; what is beyond the scale is drawn at its ends.
    """
    def x(value: float) -> float:
        share = (log10(max(value, 1e-9)) - first) / (last - first)
        return LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT)

    floor = TOP + ROW * len(groups)
    scale = Markup("").join(Markup(
        '<path class="axis" d="M{0:.1f} {1}V{2}"/><text class="{3}" x="{0:.1f}" y="{4}">{5}</text>'
    ).format(x(10.0**power), TOP, floor,
             "first" if power == first else "last" if power == last else "middle", floor + 14,
             f"{10.0**power:,.{max(0, -power)}f}".removeprefix("0"))
        for power in range(first, last + 1))
    rows = Markup("").join(_row(group, TOP + ROW * at, x) for at, group in enumerate(groups))
    return Markup(
        '<svg class="curve-chart boxes" role="img" aria-label="{}" viewBox="0 0 {} {}" '
        'width="{}" height="{}">{}{}<text class="middle" x="{}" y="{}">{}</text></svg>'
    ).format(label, WIDTH, floor + BOTTOM, WIDTH, floor + BOTTOM, scale, rows, WIDTH / 2,
             floor + 28, title)


def _row(group: Group, top: float, x: Callable[[float], float]) -> Markup:
    middle = top + ROW * 0.68
    box = Markup()
    if group.box:
        ends, at = [x(value) for value in group.box], middle
        box = Markup(
            '<path class="axis" d="M{0:.1f} {5:.1f}H{4:.1f}"/>'
            '<rect class="on" x="{1:.1f}" y="{6:.1f}" width="{7:.1f}" height="14"/>'
            '<path class="moment" d="M{2:.1f} {6:.1f}v14"/>'
        ).format(*ends, at, at - 7, max(ends[3] - ends[1], 1.0))
    dots = Markup("").join(Markup(
        '<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="3.5"><title>{}</title></circle>').format(
            x(value), middle, name) for name, value in group.dots)
    return Markup('<text class="first" x="{}" y="{:.1f}">{}</text>{}{}').format(
        LEFT, top + 15, group.name, box, dots)
