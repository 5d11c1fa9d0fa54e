"""How often the gates of the cell are shut and open."""

from __future__ import annotations

from builder.rendering.panel import INSIDE, Panel, add_panel

add_panel(Panel("saturation", 120, applies=lambda of: bool(of.cell.saturation), heading=INSIDE))
