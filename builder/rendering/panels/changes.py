"""How far each character moves the unit."""

from __future__ import annotations

from builder.rendering.folds import BEHAVIOUR
from builder.rendering.panel import Panel, add_panel

add_panel(Panel("changes", 100, applies=lambda of: bool(of.cell.deltas), heading=BEHAVIOUR))
