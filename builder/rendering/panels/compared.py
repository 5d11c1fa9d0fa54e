"""The features that the unit follows most."""

from __future__ import annotations

from builder.rendering.panel import Heading, Panel, add_panel

add_panel(Panel("compared", 170, applies=lambda of: bool(of.cell.compared),
                heading=Heading("compared", "Other features it was compared with")))
