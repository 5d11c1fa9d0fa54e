"""What the network predicts after each character of the first passage."""

from __future__ import annotations

from builder.rendering.folds import GUESSES
from builder.rendering.panel import CellContext, Panel, add_panel


def _applies(of: CellContext) -> bool:
    return bool(of.cell.excerpts) and of.cell.excerpts[0].inside is not None


add_panel(Panel("guesses", 170, _applies, heading=GUESSES))
