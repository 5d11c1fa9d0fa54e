"""All units of an exhibit: a picture of them against all features, and a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from builder.core.cards import ExhibitCard
from builder.core.labels import FeatureSpec
from builder.core.units import UnitId
from builder.rendering.colour import THEMES
from builder.rendering.encodings import base64_of
from builder.rendering.png import heat_map

ROW, COLUMN, NAMES = 13, 2, 225
"""Size of a cell of the picture, and the room for the names of the features."""

FULL = 0.6
"""The |r'| from which on the colour is full."""


@dataclass(frozen=True)
class UnitRow:
    """A unit and the feature that it follows most.

    Attributes:
        unit: Which.
        feature: The feature with the largest |r'|.
        r: Correlation with it, discover text.
        r_within: The same within bigrams.
    """

    unit: UnitId
    feature: FeatureSpec
    r: float | None
    r_within: float | None


def unit_rows(exhibit: ExhibitCard, features: Sequence[FeatureSpec]) -> list[UnitRow]:
    """Return every unit with the feature it follows most, in the order of the units."""
    table, known = exhibit.table, {spec.id: spec for spec in features}
    rows = []
    for unit, r, within in zip(table.units, table.r, table.r_within, strict=True):
        best = max(range(len(within)), key=lambda k: abs(within[k] or 0))
        rows.append(UnitRow(unit, known[table.features[best]], _one(r[best]), _one(within[best])))
    return rows


def strongest_first(rows: Sequence[UnitRow]) -> list[UnitRow]:
    """Return the rows by the smaller one of |r| and |r'|, the largest first."""
    return sorted(rows, key=lambda row: -min(abs(row.r or 0.0), abs(row.r_within or 0.0)))


def matrix(exhibit: ExhibitCard, features: Sequence[FeatureSpec]) -> Markup:
    """Draw r' of all units with all features: a row a feature, a column a unit.

    Units stand in the order of the feature that they follow most, so that what a feature has
    stands together.
    """
    table, known = exhibit.table, {spec.id: spec for spec in features}
    if not table.units or not table.features:
        return Markup()
    order = sorted(range(len(table.units)), key=lambda u: _place(table.r_within[u]))
    values = [[_number(table.r_within[u][k]) for u in order] for k in range(len(table.features))]
    width, height = COLUMN * len(order), ROW * len(values)
    names = Markup("").join(
        Markup('<text x="{}" y="{}">{}</text>').format(NAMES - 6, ROW * k + 10, known[f].title)
        for k, f in enumerate(table.features))
    images = Markup("").join(
        Markup('<image class="of-{}" x="{}" y="0" width="{}" height="{}" '
               'preserveAspectRatio="none" href="data:image/png;base64,{}"/>').format(
            scheme, NAMES, width, height, base64_of(heat_map(values, scheme)))
        for scheme in THEMES)
    return Markup(
        '<svg class="matrix" role="img" aria-label="r′ of {} units with {} features" '
        'viewBox="0 0 {} {}" width="{}" height="{}">{}{}</svg>'
    ).format(len(order), len(values), NAMES + width, height, NAMES + width, height, names, images)


def _place(row: Sequence[int | None]) -> tuple[int, int]:
    if all(r is None for r in row):
        return len(row), 0
    best = max(range(len(row)), key=lambda k: abs(row[k] or 0))
    return best, -abs(row[best] or 0)


def _number(thousandths: int | None) -> float:
    return math.nan if thousandths is None else thousandths / 1000 / FULL


def _one(thousandths: int | None) -> float | None:
    return None if thousandths is None else thousandths / 1000
