"""How often the unit has which value, where its feature is on and where it is off."""

from __future__ import annotations

from builder.rendering.folds import BEHAVIOUR
from builder.rendering.panel import Panel, add_panel

add_panel(Panel("histogram", 70, applies=lambda of: of.cell.histogram is not None,
                heading=BEHAVIOUR, row="pictures"))
