"""The list of all features."""

from __future__ import annotations

from collections.abc import Iterator

from builder.rendering.addresses import FEATURES
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(FEATURES, "features.html.j2", title="Features")


add_page_kind(PageKind("features", _pages, ("features",)))
