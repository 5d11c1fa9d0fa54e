"""All excerpts but the first, the worst too."""

from __future__ import annotations

from builder.rendering.panel import Heading, Panel, add_panel

add_panel(Panel("more_excerpts", 130, applies=lambda of: len(of.cell.excerpts) > 1,
                heading=Heading("more-excerpts", "More of it, the worst too")))
