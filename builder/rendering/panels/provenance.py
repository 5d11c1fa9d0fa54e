"""Which weights and which texts the numbers are from."""

from __future__ import annotations

from builder.rendering.folds import PROVENANCE
from builder.rendering.panel import Panel, add_panel

add_panel(Panel("provenance", 210, heading=PROVENANCE))
