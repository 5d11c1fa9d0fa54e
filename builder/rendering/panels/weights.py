"""Which next characters the unit favours."""

from __future__ import annotations

from builder.rendering.folds import USE
from builder.rendering.panel import Panel, add_panel

add_panel(Panel("weights", 120, applies=lambda of: bool(of.cell.weights), heading=USE))
