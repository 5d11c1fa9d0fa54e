"""A box for a text of one's own, which the network reads in the browser."""

from __future__ import annotations

from builder.rendering.panel import CellContext, Panel, add_panel
from builder.rendering.typed import first_lines


def _start(of: CellContext) -> dict[str, object]:
    """Return what the box starts with."""
    return {"start": first_lines(of.cell.excerpts[0].text) if of.cell.excerpts else ""}


add_panel(Panel("typing", 40, lambda of: of.exhibit.in_browser is not None, _start))
