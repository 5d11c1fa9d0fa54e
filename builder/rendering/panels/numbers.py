"""Every number that the claim was judged by."""

from __future__ import annotations

from builder.rendering.panel import Heading, Panel, add_panel

add_panel(Panel("numbers", 150, heading=Heading("numbers", "Numbers")))
