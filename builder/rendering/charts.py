"""Small drawings as inline SVG: no script, and the colours of the text around them."""

from __future__ import annotations

from markupsafe import Markup

from builder.core.evidence import Tuning
from builder.core.scores import Estimate
from builder.rendering.numbers import estimated, number

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


_CURVE_WIDTH, _CURVE_HEIGHT = 420, 180
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 10, 10, 30


def tuning_curve(title: str, tuning: Tuning) -> Markup:
    """Draw the mean of a unit, −1 to 1, at each value of a count; fewer than two draw nothing.

    Args:
        title: What is counted, in plain words.
        tuning: The values, rising, with the means.
    """
    if len(tuning.values) < 2:
        return Markup()
    places = [(_across(value, tuning.values), _up(mean))
              for value, mean in zip(tuning.values, tuning.means, strict=True)]
    label = (f"Mean of the unit by {title}: {number(tuning.means[0])} at {tuning.values[0]:g}, "
             f"{number(tuning.means[-1])} at {tuning.values[-1]:g}")
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = (Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3"/>').format(x, y) for x, y in places)
    return Markup(
        '<svg class="curve-chart" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" '
        'height="{}">{}{}<polyline points="{}"/>{}</svg>'
    ).format(label, _CURVE_WIDTH, _CURVE_HEIGHT, _CURVE_WIDTH, _CURVE_HEIGHT, _grid(),
             _values(title, tuning.values), points, Markup("").join(dots))


def _across(value: float, values: tuple[float, ...]) -> float:
    share = (value - values[0]) / (values[-1] - values[0])
    return _LEFT + share * (_CURVE_WIDTH - _LEFT - _RIGHT)


def _up(mean: float) -> float:
    share = (1 - min(max(mean, -1.0), 1.0)) / 2
    return _TOP + share * (_CURVE_HEIGHT - _TOP - _BOTTOM)


def _grid() -> Markup:
    lines = (Markup('<line class="axis" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
                    '<text class="side" x="{}" y="{:.1f}">{}</text>').format(
        _LEFT, _CURVE_WIDTH - _RIGHT, _up(at), _up(at), _LEFT - 6, _up(at) + 4, name)
        for at, name in ((1.0, "1"), (0.0, "0"), (-1.0, "−1")))
    return Markup("").join(lines)


def _values(title: str, values: tuple[float, ...]) -> Markup:
    y = _CURVE_HEIGHT - _BOTTOM + 16
    ends = (Markup('<text class="{}" x="{:.1f}" y="{}">{:g}</text>').format(
        kind, _across(value, values), y, value)
        for kind, value in (("first", values[0]), ("last", values[-1])))
    middle = Markup('<text class="middle" x="{:.1f}" y="{}">{}</text>').format(
        (_LEFT + _CURVE_WIDTH - _RIGHT) / 2, y, title)
    return Markup("").join(ends) + middle
