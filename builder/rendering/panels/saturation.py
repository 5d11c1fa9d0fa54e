"""How often the gates of the cell are shut and open."""

from __future__ import annotations

from builder.rendering.folds import GATES
from builder.rendering.panel import Panel, add_panel

add_panel(Panel("saturation", 150, applies=lambda of: bool(of.cell.saturation), heading=GATES))
