"""The frame of a chart with a scale at its left: places, lines, and what is written at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from builder.rendering.numbers import signed

LEFT, RIGHT, TOP, BOTTOM = 34, 10, 10, 30


@dataclass(frozen=True)
class Frame:
    """A drawing area with a scale across and one upwards.

    Attributes:
        first: Value at the left end.
        last: Value at the right end.
        low: Value at the bottom.
        high: Value at the top.
        width: Of the drawing, in its own units.
        height: The same.
    """

    first: float
    last: float
    low: float = -1.0
    high: float = 1.0
    width: int = 420
    height: int = 180

    def across(self, value: float) -> float:
        """Return where a value is from the left."""
        share = (value - self.first) / (self.last - self.first)
        return LEFT + share * (self.width - LEFT - RIGHT)

    def up(self, value: float) -> float:
        """Return where a value is from the top; beyond the scale, its end."""
        inside = min(max(value, self.low), self.high)
        share = (self.high - inside) / (self.high - self.low)
        return TOP + share * (self.height - TOP - BOTTOM)

    def points(self, xs: Sequence[float], ys: Sequence[float]) -> str:
        """Return the points of a line as SVG writes them."""
        return " ".join(f"{self.across(x):.1f},{self.up(y):.1f}"
                        for x, y in zip(xs, ys, strict=True))

    def line(self, kind: str, xs: Sequence[float], ys: Sequence[float]) -> Markup:
        """Return a line through points."""
        return Markup('<polyline class="{}" points="{}"/>').format(kind, self.points(xs, ys))

    def dots(self, xs: Sequence[float], ys: Sequence[float]) -> Markup:
        """Return a dot at each point."""
        return Markup("").join(Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3"/>').format(
            self.across(x), self.up(y)) for x, y in zip(xs, ys, strict=True))

    def level(self, value: float, name: str) -> Markup:
        """Return a horizontal line with its name."""
        y = self.up(value)
        return Markup('<line class="axis" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
                      '<text class="side" x="{}" y="{:.1f}">{}</text>').format(
            LEFT, self.width - RIGHT, y, y, LEFT - 6, y + 4, name)

    def levels(self) -> Markup:
        """Return the lines at the ends of the scale and at 0."""
        at = [v for v in (self.high, 0.0, self.low) if self.low <= v <= self.high]
        return Markup("").join(self.level(v, signed(v)) for v in at)

    def below(self, values: Sequence[float], names: Sequence[str], title: str) -> Markup:
        """Return names under the values of the scale across, and what the scale is of."""
        y = self.height - BOTTOM + 16
        last = len(values) - 1
        kinds = ["first" if i == 0 else "last" if i == last else "middle"
                 for i in range(len(values))]
        marks = (Markup('<text class="{}" x="{:.1f}" y="{}">{}</text>').format(
            kind, self.across(value), y, name)
            for kind, value, name in zip(kinds, values, names, strict=True))
        return Markup("").join(marks) + Markup(
            '<text class="middle" x="{:.1f}" y="{}">{}</text>').format(
                (LEFT + self.width - RIGHT) / 2, y if len(values) == 2 else y + 12, title)

    def svg(self, label: str, *parts: Markup) -> Markup:
        """Return the whole drawing."""
        return Markup('<svg class="curve-chart" role="img" aria-label="{}" viewBox="0 0 {} {}" '
                      'width="{}" height="{}">{}</svg>').format(
            label, self.width, self.height, self.width, self.height, Markup("").join(parts))
