"""The first excerpt by a unit that knows nothing but the last two characters."""

from __future__ import annotations

from builder.rendering.folds import MEMORY
from builder.rendering.panel import CellContext, Panel, add_panel


def _applies(of: CellContext) -> bool:
    return bool(of.cell.excerpts and of.cell.excerpts[0].twin)


add_panel(Panel("without_memory", 50, _applies, heading=MEMORY))
