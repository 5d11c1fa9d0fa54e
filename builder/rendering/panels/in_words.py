"""The formula that says best what the unit is on for, and where the unit does not follow it."""

from __future__ import annotations

from builder.rendering.folds import WORDS
from builder.rendering.formulated import claims_of_cell
from builder.rendering.panel import CellContext, Panel, add_panel
from builder.rendering.spoken import in_words


def _applies(of: CellContext) -> bool:
    return bool(claims_of_cell(of.exhibit, of.cell.claim.unit))


def _gives(of: CellContext) -> dict[str, object]:
    return in_words(of.exhibit, claims_of_cell(of.exhibit, of.cell.claim.unit)[0])


add_panel(Panel("in_words", 35, _applies, _gives, WORDS))
