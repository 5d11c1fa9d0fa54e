"""What the unit does where its feature rises and falls."""

from __future__ import annotations

from builder.rendering.folds import BEHAVIOUR
from builder.rendering.panel import CellContext, Panel, add_panel
from builder.rendering.words import counter_sentence


def _sentence(of: CellContext) -> dict[str, object]:
    return {"sentence": counter_sentence(of.exhibit, of.cell.claim, of.feature)}


add_panel(Panel("counter", 60, lambda of: bool(_sentence(of)["sentence"]), _sentence, BEHAVIOUR))
