"""What else was claimed about the signals of the cell."""

from __future__ import annotations

from builder.rendering.folds import OTHERS
from builder.rendering.panel import Panel, add_panel

add_panel(Panel("other_claims", 190, applies=lambda of: bool(of.cell.others), heading=OTHERS))
