"""One unit between what moves it, at the left, and what it moves, at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, ROW, TOP, THICKEST = 320, 28, 30, 7.0
LEFT, NEAR, FAR, RIGHT = 98, 128, 192, 222


@dataclass(frozen=True)
class End:
    """What is at the other end of a line.

    Attributes:
        name: What it is called, short.
        strength: 0 to 1, the thickness of the line.
        turn: Above 0 where it pushes up, below 0 where down, 0 where either way.
        sure: Whether it is there; a line that is not sure is dashed.
        link: Where more of it is shown, such as `page:a/b`; empty where nowhere.
    """

    name: str
    strength: float
    turn: float
    sure: bool = True
    link: str = ""


def ties_chart(unit: str, into: Sequence[End], out: Sequence[End], label: str) -> Markup:
    """Draw lines into a unit and out of it; nothing where there are none.

    Args:
        unit: Its name.
        into: What moves it, from the top.
        out: What it moves, from the top.
        label: What the drawing says to who cannot see it.
    """
    rows = max(len(into), len(out))
    if not rows:
        return Markup()
    height = TOP + ROW * rows + 6
    middle = TOP + ROW * rows / 2
    parts = [_title("last", LEFT, "moves it"), _title("first", RIGHT, "it moves")]
    for ends, start, stop, kind in ((into, LEFT, NEAR, "last"), (out, RIGHT, FAR, "first")):
        top = middle - ROW * len(ends) / 2 + ROW / 2
        for row, end in enumerate(ends):
            parts.append(_line(end, start, stop, top + row * ROW, middle, kind))
    parts.append(Markup('<rect x="{}" y="{:.0f}" width="{}" height="26" rx="4"/>'
                        '<text class="middle" x="{}" y="{:.0f}">{}</text>').format(
        NEAR, middle - 13, FAR - NEAR, WIDTH / 2, middle + 4, unit))
    return Markup('<svg class="curve-chart ties" role="group" aria-label="{}" viewBox="0 0 {} {}" '
                  'width="{}" height="{}">{}</svg>').format(
        label, WIDTH, height, WIDTH, height, Markup("").join(parts))


def _title(kind: str, x: int, text: str) -> Markup:
    return Markup('<text class="{} head" x="{}" y="14">{}</text>').format(kind, x, text)


def _line(end: End, start: int, stop: int, y: float, middle: float, kind: str) -> Markup:
    way = "up" if end.turn > 0 else "down" if end.turn < 0 else "either"
    away = -6 if kind == "last" else 6
    return Markup('<path class="{}{}" stroke-width="{:.1f}" d="M{} {:.0f}L{} {:.0f}"/>'
                  '{}').format(
        way, "" if end.sure else " unsure", 1 + (THICKEST - 1) * min(1.0, end.strength),
        start, y, stop, middle + (y - middle) * 0.12, _name(end, kind, start + away, y))


def _name(end: End, kind: str, x: int, y: float) -> Markup:
    """Draw a name; where it is a link, all of its row up to the line can be pressed."""
    text = Markup('<text class="{}" x="{}" y="{:.0f}">{}</text>').format(kind, x, y + 4, end.name)
    if not end.link:
        return text
    return Markup('<a href="{}"><rect class="row" x="{}" y="{:.0f}" width="{}" height="{}"/>{}</a>'
                  ).format(end.link, 0 if kind == "last" else x, y - ROW / 2,
                           x if kind == "last" else WIDTH - x, ROW, text)
