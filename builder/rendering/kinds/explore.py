"""Any unit of an exhibit over a few excerpts."""

from __future__ import annotations

from collections.abc import Iterator

from builder.core.cards import ExhibitCard
from builder.core.pages import Page
from builder.rendering.addresses import explore_name
from builder.rendering.comparing import values_of
from builder.rendering.exploring import excerpt_scripts, island
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    for exhibit in gallery.exhibits:
        if exhibit.explored:
            yield PlannedPage(explore_name(exhibit.name), "explore.html.j2",
                              _given(gallery, exhibit), f"Explore: {exhibit.title}",
                              searched=False)


def _given(gallery: Gallery, exhibit: ExhibitCard) -> dict[str, object]:
    values = values_of(exhibit, exhibit.explored[0], exhibit.table.units[0])
    return {"exhibit": exhibit, "values": values, "island": island(gallery, exhibit)}


def _downloads(gallery: Gallery) -> Iterator[Page]:
    for exhibit in gallery.exhibits:
        yield from excerpt_scripts(exhibit)


add_page_kind(PageKind("explore", _pages, ("explore",), _downloads))
