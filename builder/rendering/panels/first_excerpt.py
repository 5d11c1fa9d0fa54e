"""The text where the claim holds best, with its trace, its gates and the guesses of the network."""

from __future__ import annotations

from builder.rendering.panel import Panel, add_panel

add_panel(Panel("first_excerpt", 10, applies=lambda of: bool(of.cell.excerpts)))
