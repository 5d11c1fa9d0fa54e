"""The passages that do not stand first, in their order from good to bad."""

from __future__ import annotations

from builder.rendering.folds import MORE
from builder.rendering.panel import CellContext, Panel, add_panel
from builder.rendering.passages import others


def _numbers(of: CellContext) -> dict[str, object]:
    return {"numbers": others(of.cell.excerpts)}


add_panel(Panel("more_excerpts", 30, lambda of: bool(others(of.cell.excerpts)), _numbers, MORE))
