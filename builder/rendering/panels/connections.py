"""What moves the unit, and what it moves: characters, other units, the next character."""

from __future__ import annotations

from collections.abc import Mapping

from builder.rendering.connections import connections_of, given
from builder.rendering.folds import CONNECTIONS
from builder.rendering.panel import CellContext, Panel, add_panel


def _applies(of: CellContext) -> bool:
    return connections_of(of.exhibit, of.cell.claim.unit) is not None


def _given(of: CellContext) -> Mapping[str, object]:
    return given(of.gallery, of.exhibit, of.cell.claim.unit)


add_panel(Panel("connections", 105, _applies, _given, CONNECTIONS))
