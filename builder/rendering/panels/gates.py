"""The first passage coloured by each gate of the cell."""

from __future__ import annotations

from builder.rendering.folds import GATES
from builder.rendering.panel import CellContext, Panel, add_panel


def _applies(of: CellContext) -> bool:
    return of.inside is not None and bool(of.inside.gates)


add_panel(Panel("gates", 160, applies=_applies, heading=GATES))
