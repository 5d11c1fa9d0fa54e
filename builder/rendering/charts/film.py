"""What a unit is worth at checkpoints of a training, over the logarithm of the text read."""

from __future__ import annotations

from math import log10

from markupsafe import Markup

from builder.core.shown import Film, FilmedCell
from builder.rendering.charts.frame import Frame
from builder.rendering.numbers import number, short, whole


def film_chart(film: Film, cell: FilmedCell, sign: float) -> Markup:
    """Draw r' of a unit at each checkpoint, and of the unit that was best for its feature then.

    Args:
        film: The checkpoints.
        cell: The unit.
        sign: What the unit's r' is multiplied by, so that it ends above 0.
    """
    xs = [log10(max(1, read)) for read in film.characters]
    own = [(i, sign * r) for i, r in enumerate(cell.r_within) if r is not None]
    best = [(i, r) for i, r in enumerate(cell.best_within) if r is not None]
    lowest = min((r for _, r in own + best), default=0.0)
    frame = Frame(xs[0], xs[-1], low=0.0 if lowest >= 0 else -0.2 if lowest >= -0.2 else -1.0)
    said = ", ".join(f"{number(r)} after {whole(film.characters[i])}" for i, r in own)
    dots = Markup("").join(
        Markup('<circle cx="{:.1f}" cy="{:.1f}" r="3" data-moment="{}"/>').format(
            frame.across(xs[i]), frame.up(r), i) for i, r in own)
    middle = len(xs) // 2
    return frame.svg(
        f"Held-out r′ of {cell.unit} by characters read: {said}", frame.levels(),
        frame.below([xs[0], xs[middle], xs[-1]],
                    [short(film.characters[i]) for i in (0, middle, -1)], "characters read"),
        frame.line("line untrained", [xs[i] for i, _ in best], [r for _, r in best]),
        frame.line("line", [xs[i] for i, _ in own], [r for _, r in own]), dots)
