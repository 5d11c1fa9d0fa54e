"""Places with the same last two characters, where the unit has another state."""

from __future__ import annotations

from builder.rendering.folds import MEMORY
from builder.rendering.panel import Panel, add_panel

add_panel(Panel("same_characters", 40, applies=lambda of: bool(of.cell.same), heading=MEMORY))
