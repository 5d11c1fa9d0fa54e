"""The list of all exhibits."""

from __future__ import annotations

from collections.abc import Iterator

from builder.rendering.addresses import EXHIBITS
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(EXHIBITS, "exhibits.html.j2", title="Exhibits")


add_page_kind(PageKind("exhibits", _pages, ("exhibits",)))
