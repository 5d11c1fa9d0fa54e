"""Places with the same last two characters, where the unit has another state."""

from __future__ import annotations

from builder.rendering.panel import MEMORY, Panel, add_panel

add_panel(Panel("same_characters", 30, applies=lambda of: bool(of.cell.same), heading=MEMORY))
