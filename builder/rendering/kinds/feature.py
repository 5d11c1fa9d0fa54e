"""The page of a feature: the units that follow it best."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.core.labels import FeatureSpec
from builder.rendering.addresses import feature_name
from builder.rendering.comparing import same_text
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    for feature in gallery.features:
        yield PlannedPage(feature_name(feature.id), "feature.html.j2",
                          partial(_given, gallery, feature),
                          feature.title[:1].upper() + feature.title[1:])


def _given(gallery: Gallery, feature: FeatureSpec) -> dict[str, object]:
    return {"feature": feature, "same": same_text(gallery, feature.id)}


add_page_kind(PageKind("feature", _pages, ("features",)))
