"""The unit over passages and a text of one's own, and the network at work beside them."""

from __future__ import annotations

from dataclasses import dataclass

from builder.rendering.panel import CellContext, Panel, add_panel
from builder.rendering.passages import first, liveliest
from builder.rendering.spans import visible
from builder.rendering.typed import first_lines
from builder.rendering.words import signal_title


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


def _quoted(character: str) -> str:
    """Return a character as a sentence names it; the script of the page does the same."""
    names = {" ": "a space", "\n": "a newline", "\t": "a tab"}
    return names.get(character, f"“{visible(character)}”")


def _now(of: CellContext) -> Now | None:
    """Return what to show beside the first passage before anything was pointed at."""
    inside = of.inside
    if inside is None or not of.cell.excerpts[0].values:
        return None
    best = of.cell.excerpts[0]
    at = liveliest(best)
    gates = {signal_title(of.exhibit, gate): values[at] for gate, values in inside.gates.items()}
    return Now(_quoted(best.text[at]), best.values[at], gates, inside.guesses[at])


def _given(of: CellContext) -> dict[str, object]:
    start = first_lines(of.cell.excerpts[0].text) if of.cell.excerpts else ""
    return {"picked": first(of.cell.excerpts), "now": _now(of), "start": start}


def _applies(of: CellContext) -> bool:
    return bool(of.cell.excerpts) or of.exhibit.in_browser is not None


add_panel(Panel("play", 10, _applies, _given))
