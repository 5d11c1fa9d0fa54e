"""What a unit that counts does, letter by letter."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from builder.rendering.charts.frame import Frame


def climb_chart(
    label: str, values: Sequence[float], wrong: Sequence[int], turn: int
) -> Markup:
    """Draw a unit over the letters of a string, and where the network is wrong.

    Args:
        label: What is seen, in words.
        values: After each letter; two or more.
        wrong: Letters, from 0, after which an answer is wrong.
        turn: How many letters are of the first kind.
    """
    low, high = min(values), max(values)
    margin = 0.05 * (high - low) or 1.0
    frame = Frame(1, len(values), low - margin, high + margin)
    at = frame.across(turn)
    marks = Markup("").join(Markup('<circle class="wrong" cx="{:.1f}" cy="{:.1f}" r="4"/>').format(
        frame.across(n + 1), frame.up(values[n])) for n in wrong)
    return frame.svg(
        label, *(frame.level(level, f"{level:.{int(abs(level) < 10)}f}".replace("-", "\u2212"))
                 for level in (low, high)),
        Markup('<line class="moment" x1="{0:.1f}" x2="{0:.1f}" y1="10" y2="150"/>').format(at),
        frame.below([1, len(values)], ["1", str(len(values))], "letter"),
        frame.line("line", range(1, len(values) + 1), values), marks)
