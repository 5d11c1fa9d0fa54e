"""What holding the unit at its mean costs the model."""

from __future__ import annotations

from builder.rendering.folds import USE
from builder.rendering.panel import CellContext, Panel, add_panel
from builder.rendering.words import effect_sentence


def _sentence(of: CellContext) -> dict[str, object]:
    return {"sentence": effect_sentence(of.cell.claim, of.feature)}


add_panel(Panel("effect", 110, lambda of: bool(_sentence(of)["sentence"]), _sentence, USE))
