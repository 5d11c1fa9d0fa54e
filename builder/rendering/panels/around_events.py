"""The mean of the unit before and after its feature rises and falls."""

from __future__ import annotations

from builder.rendering.folds import BEHAVIOUR
from builder.rendering.panel import Panel, add_panel

add_panel(Panel("around_events", 90, applies=lambda of: bool(of.cell.around),
                heading=BEHAVIOUR, row="pictures"))
