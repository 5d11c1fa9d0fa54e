"""The page of a feature: the units that follow it best."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.core.grades import GOOD
from builder.core.labels import FeatureSpec
from builder.rendering.addresses import feature_name
from builder.rendering.comparing import same_text
from builder.rendering.gallery import Gallery, claim_rank
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind
from builder.rendering.pictures import Picture, picture_of
from builder.rendering.score import best_first, score_of
from builder.rendering.spreading import networks_telling

LINES = 8
"""Of a text under which several units stand."""


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    for feature in gallery.features:
        yield PlannedPage(feature_name(feature.id), "feature.html.j2",
                          partial(_given, gallery, feature),
                          feature.title[:1].upper() + feature.title[1:])


def _given(gallery: Gallery, feature: FeatureSpec) -> dict[str, object]:
    same = same_text(gallery, feature.id)
    units = best_first(same) if same and same.units else None
    return {"feature": feature, "same": same, "best": _best(gallery, feature),
            "spreads": list(networks_telling(gallery, feature)),
            "score": score_of(units, feature, LINES) if units else None}


def _best(gallery: Gallery, feature: FeatureSpec) -> Picture | None:
    """Return the best cell on its clearest text; of cells that are as good, one of a real text."""
    cells = [cell for cell in gallery.cells_of(feature.id) if cell.excerpts]
    best = min(cells, default=None, key=lambda cell: (
        cell.claim.grade not in GOOD, gallery.exhibit(cell.exhibit).made, claim_rank(cell.claim)))
    return picture_of(gallery, best) if best else None


add_page_kind(PageKind("feature", _pages, ("features",)))
