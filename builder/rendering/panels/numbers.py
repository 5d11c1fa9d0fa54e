"""Every number that the claim was judged by."""

from __future__ import annotations

from builder.rendering.folds import NUMBERS
from builder.rendering.panel import Panel, add_panel

add_panel(Panel("numbers", 180, heading=NUMBERS))
