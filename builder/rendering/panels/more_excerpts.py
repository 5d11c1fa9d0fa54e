"""The passages that do not stand first, in their order from good to bad."""

from __future__ import annotations

from builder.rendering.folds import MORE
from builder.rendering.panel import CellContext, Panel, add_panel
from builder.rendering.panels.play import picked


def _numbers(of: CellContext) -> dict[str, object]:
    first = picked(of.cell.excerpts)
    return {"numbers": [n for n in range(1, len(of.cell.excerpts) + 1) if n not in first]}


add_panel(Panel("more_excerpts", 30, lambda of: bool(_numbers(of)["numbers"]), _numbers, MORE))
