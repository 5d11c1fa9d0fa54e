"""The mean of the unit at each value of a count."""

from __future__ import annotations

from builder.rendering.folds import BEHAVIOUR
from builder.rendering.panel import Panel, add_panel

add_panel(Panel("tuning", 80, applies=lambda of: of.cell.tuning is not None,
                heading=BEHAVIOUR, row="pictures"))
