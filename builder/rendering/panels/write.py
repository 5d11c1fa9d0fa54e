"""What the network writes after a text, free and with the unit held, side by side."""

from __future__ import annotations

from builder.rendering.panel import CellContext, Panel, add_panel


def _given(of: CellContext) -> dict[str, object]:
    r = of.cell.claim.held_out.r.value
    return {"on": -1 if r is not None and r < 0 else 1}


add_panel(Panel("write", 15, lambda of: of.exhibit.in_browser is not None, _given))
