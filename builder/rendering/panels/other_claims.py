"""What else was claimed of the signals of the cell."""

from __future__ import annotations

from builder.rendering.panel import Heading, Panel, add_panel

add_panel(Panel("other_claims", 160, applies=lambda of: bool(of.cell.others),
                heading=Heading("others", "Other claims on this unit")))
