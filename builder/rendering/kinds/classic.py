"""The page of a classic picture."""

from __future__ import annotations

from collections.abc import Iterator

from builder.rendering.addresses import classic_name
from builder.rendering.classics import CLASSICS, show
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    for classic in CLASSICS:
        yield PlannedPage(classic_name(classic.name), "classic.html.j2",
                          {"shown": show(gallery, classic)}, classic.title)


add_page_kind(PageKind("classic", _pages, ("classics",)))
