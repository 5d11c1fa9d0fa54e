"""A cell for the frames of other sites."""

from __future__ import annotations

from collections.abc import Iterator

from builder.rendering.addresses import embed_name
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind
from builder.rendering.panel import cells_of


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    for of in cells_of(gallery):
        yield PlannedPage(embed_name(of.cell), "embed.html.j2", of.names(), of.title,
                          heading=of.heading, searched=False, frame="embed.html")


add_page_kind(PageKind("embed", _pages, ("embed",)))
