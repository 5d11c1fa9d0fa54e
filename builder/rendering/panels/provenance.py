"""Which weights and which texts the numbers are from."""

from __future__ import annotations

from builder.rendering.panel import Heading, Panel, add_panel

add_panel(Panel("provenance", 180, heading=Heading("provenance", "Where it comes from")))
