"""Which next characters the unit makes likelier."""

from __future__ import annotations

from builder.rendering.panel import INSIDE, Panel, add_panel

add_panel(Panel("weights", 110, applies=lambda of: bool(of.cell.weights), heading=INSIDE,
                row="characters"))
