"""Means of a unit as lines: by the value of a count, and around an event."""

from __future__ import annotations

from markupsafe import Markup

from builder.core.evidence import Tuning
from builder.core.shown import Around
from builder.rendering.charts.frame import Frame
from builder.rendering.numbers import MINUS, number

BEFORE = 10
"""Characters before the event, as `core.shown.Around` has them."""


def tuning_curve(title: str, tuning: Tuning) -> Markup:
    """Draw the mean of a unit, −1 to 1, at each value of a count; fewer than two draw nothing.

    Args:
        title: What is counted, in plain words.
        tuning: The values, rising, with the means.
    """
    values, means = tuning.values, tuning.means
    if len(values) < 2:
        return Markup()
    frame = Frame(values[0], values[-1])
    label = (f"Mean of the unit by {title}: {number(means[0])} at {values[0]:g}, "
             f"{number(means[-1])} at {values[-1]:g}")
    names = [f"{values[0]:g}", f"{values[-1]:g}"]
    return frame.svg(label, frame.levels(), frame.below((values[0], values[-1]), names, title),
                     frame.line("line", values, means), frame.dots(values, means))


def around_chart(what: str, around: Around) -> Markup:
    """Draw the mean of a unit before and after an event, and that of an untrained one.

    Args:
        what: The event, in plain words.
        around: The means.
    """
    steps = range(-BEFORE, len(around.values) - BEFORE)
    high = max(1.0, *map(abs, (*around.values, *around.untrained)))
    last = steps[-1]
    frame = Frame(-BEFORE, last, -high, high)
    before, after = around.values[BEFORE - 1], around.values[BEFORE]
    label = (f"Mean of the unit around {around.count:,} moments: {number(before)} just before "
             f"{what}, {number(after)} at it, {number(around.values[-1])} {last} characters later")
    here = Markup('<line class="moment" x1="{0:.1f}" x2="{0:.1f}" y1="{1:.1f}" y2="{2:.1f}"/>'
                  ).format(frame.across(0), frame.up(frame.low), frame.up(frame.high))
    return frame.svg(
        label, frame.levels(), here,
        frame.below((-BEFORE, 0, last), (f"{MINUS}{BEFORE}", "0", str(last)),
                    "characters from the event"),
        *([frame.line("line untrained", steps, around.untrained)] if around.untrained else []),
        frame.line("line", steps, around.values))
