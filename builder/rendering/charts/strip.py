"""A correlation on a line from −1 to 1."""

from __future__ import annotations

from markupsafe import Markup

from builder.core.scores import Estimate
from builder.rendering.numbers import estimated

_WIDTH, _HEIGHT, _MARGIN = 240, 26, 8
_AXIS = 18


def correlation_strip(name: str, estimate: Estimate) -> Markup:
    """Draw a correlation on a line from −1 to 1: a dot, and a whisker for its interval.

    What was not measured draws nothing.
    """
    if estimate.value is None:
        return Markup()
    label = f"{name} {estimated(estimate)}, on a line from −1 to 1"
    return Markup(
        '<svg class="strip-chart" role="img" aria-label="{}" viewBox="0 0 {} {}" '
        'width="{}" height="{}">{}{}{}</svg>'
    ).format(label, _WIDTH, _HEIGHT, _WIDTH, _HEIGHT, _axis(), _whisker(estimate),
             _dot(estimate.value))


def _x(value: float) -> str:
    share = (min(max(value, -1.0), 1.0) + 1) / 2
    return f"{_MARGIN + share * (_WIDTH - 2 * _MARGIN):.1f}"


def _line(x1: str, x2: str, y1: float, y2: float, kind: str) -> Markup:
    return Markup('<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(kind, x1, x2, y1, y2)


def _axis() -> Markup:
    ticks = (_line(_x(at), _x(at), _AXIS - size, _AXIS + size, "axis")
             for at, size in ((-1, 4), (-0.5, 2), (0, 7), (0.5, 2), (1, 4)))
    return _line(_x(-1), _x(1), _AXIS, _AXIS, "axis") + Markup("").join(ticks)


def _whisker(estimate: Estimate) -> Markup:
    if estimate.low is None or estimate.high is None:
        return Markup()
    return _line(_x(estimate.low), _x(estimate.high), _AXIS, _AXIS, "whisker")


def _dot(value: float) -> Markup:
    return Markup('<circle cx="{}" cy="{}" r="4.5"/>').format(_x(value), _AXIS)
