"""The unit over a text: the best passage and others, a text of one's own, and the network at work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from builder.core.cards import Excerpt
from builder.rendering.panel import CellContext, Panel, add_panel
from builder.rendering.spans import visible
from builder.rendering.typed import first_lines
from builder.rendering.words import signal_title

PICKED = ("strongest", "typical", "fails", "random")
"""Rules of the passages that stand first, one behind the other; the others are folded."""


@dataclass(frozen=True)
class Now:
    """What the network does at one character of a passage.

    Attributes:
        after: The character, in quotation marks or by its name.
        value: Of the unit.
        gates: Title of each gate to its value.
        guesses: The likeliest next steps with their probabilities.
    """

    after: str
    value: float
    gates: dict[str, float]
    guesses: tuple[tuple[str, float], ...]


def picked(excerpts: tuple[Excerpt, ...]) -> list[int]:
    """Return the numbers, from 1, of the passages that stand first: one for each rule."""
    rules = [excerpt.rule for excerpt in excerpts]
    found = [rules.index(rule) + 1 for rule in PICKED if rule in rules]
    return found or [1] * bool(excerpts)


def liveliest(excerpt: Excerpt) -> int:
    """Return the place of the character at which the unit changes most."""
    return int(np.argmax(np.abs(np.diff(excerpt.values, prepend=excerpt.values[:1]))))


def _quoted(character: str) -> str:
    """Return a character as a sentence names it; the script of the page does the same."""
    names = {" ": "a space", "\n": "a newline", "\t": "a tab"}
    return names.get(character, f"“{visible(character)}”")


def _now(of: CellContext) -> Now | None:
    """Return what to show beside the first passage before anything was pointed at."""
    first = of.cell.excerpts[0] if of.cell.excerpts else None
    if first is None or first.inside is None or not first.values:
        return None
    at = liveliest(first)
    gates = {signal_title(of.exhibit, gate): values[at]
             for gate, values in first.inside.gates.items()}
    return Now(_quoted(first.text[at]), first.values[at], gates, first.inside.guesses[at])


def _given(of: CellContext) -> dict[str, object]:
    start = first_lines(of.cell.excerpts[0].text) if of.cell.excerpts else ""
    return {"picked": picked(of.cell.excerpts), "now": _now(of), "start": start}


def _applies(of: CellContext) -> bool:
    return bool(of.cell.excerpts) or of.exhibit.in_browser is not None


add_panel(Panel("play", 10, _applies, _given))
