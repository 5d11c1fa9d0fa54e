"""In how many networks that differ by their seed alone a unit for the feature is found."""

from __future__ import annotations

from builder.rendering.folds import CHANCE
from builder.rendering.panel import CellContext, Panel, add_panel
from builder.rendering.seeds import of_seeds


def _rows(of: CellContext) -> dict[str, object]:
    return {"rows": of_seeds(of.gallery, of.exhibit, of.feature.id)}


add_panel(Panel("seeds", 140, lambda of: bool(_rows(of)["rows"]), _rows, CHANCE))
