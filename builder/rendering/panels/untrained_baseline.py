"""The best unit of an untrained network, on the first excerpt."""

from __future__ import annotations

from builder.rendering.folds import CHANCE
from builder.rendering.panel import CellContext, Panel, add_panel


def _applies(of: CellContext) -> bool:
    return bool(of.cell.untrained and of.cell.excerpts)


add_panel(Panel("untrained_baseline", 130, _applies, heading=CHANCE))
