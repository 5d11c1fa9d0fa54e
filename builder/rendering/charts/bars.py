"""A number as a bar to the left or right of a middle line, to stand in a row of a table."""

from __future__ import annotations

from markupsafe import Markup

WIDTH, HEIGHT = 160, 12


def bar(value: float, largest: float) -> Markup:
    """Draw a number; the row says it in digits too, so it is hidden from who cannot see it.

    Args:
        value: Drawn to the right of the middle where it is positive.
        largest: The size that fills half of the width.
    """
    middle = WIDTH / 2
    length = min(abs(value) / largest, 1.0) * middle if largest else 0.0
    start = middle if value >= 0 else middle - length
    kind = "up" if value >= 0 else "down"
    return Markup(
        '<svg class="bar" aria-hidden="true" viewBox="0 0 {0} {1}" width="{0}" height="{1}">'
        '<rect class="{2}" x="{3:.1f}" y="1" width="{4:.1f}" height="{5}"/>'
        '<line x1="{6}" x2="{6}" y1="0" y2="{1}"/></svg>'
    ).format(WIDTH, HEIGHT, kind, start, length, HEIGHT - 2, middle)
