"""The features that the unit tracks most."""

from __future__ import annotations

from builder.rendering.folds import COMPARED
from builder.rendering.panel import Panel, add_panel

add_panel(Panel("compared", 200, applies=lambda of: bool(of.cell.compared), heading=COMPARED))
