"""How to link to the page, to embed it and to cite it."""

from __future__ import annotations

from builder.rendering.folds import CITE
from builder.rendering.panel import Panel, add_panel

add_panel(Panel("use", 220, heading=CITE))
