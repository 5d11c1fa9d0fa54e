"""The formula that says best what the unit is on for, and where the unit does not follow it."""

from __future__ import annotations

from builder.rendering.folds import WORDS
from builder.rendering.followed import followed
from builder.rendering.formulated import claims_of_cell
from builder.rendering.panel import CellContext, Panel, add_panel
from builder.rendering.spreading import TELLING, spread_over


def _applies(of: CellContext) -> bool:
    return bool(claims_of_cell(of.exhibit, of.cell.claim.unit))


def _gives(of: CellContext) -> dict[str, object]:
    best, *others = claims_of_cell(of.exhibit, of.cell.claim.unit)
    spread = spread_over(of.exhibit, best.text)
    return {"best": best, "others": others, "drawn": followed(of.exhibit, best),
            "spread": spread if spread and (spread.linear or 0.0) >= TELLING else None}


add_panel(Panel("in_words", 35, _applies, _gives, WORDS))
