"""What the network predicts after each character of the first passage."""

from __future__ import annotations

from builder.rendering.folds import GUESSES
from builder.rendering.panel import Panel, add_panel

add_panel(Panel("guesses", 170, lambda of: of.inside is not None, heading=GUESSES))
