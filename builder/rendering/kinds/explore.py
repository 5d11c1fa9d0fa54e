"""Any unit of an exhibit over a few excerpts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.core.cards import ExhibitCard
from builder.rendering.addresses import explore_data, explore_name
from builder.rendering.comparing import values_of
from builder.rendering.exploring import excerpt_script, island
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedFile, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    for exhibit in gallery.exhibits:
        if exhibit.explored:
            yield PlannedPage(explore_name(exhibit.name), "explore.html.j2",
                              partial(_given, gallery, exhibit), f"Explore: {exhibit.title}",
                              searched=False)


def _given(gallery: Gallery, exhibit: ExhibitCard) -> dict[str, object]:
    values = values_of(exhibit, exhibit.explored[0], exhibit.table.units[0])
    features = [spec.id for spec in gallery.measured(exhibit)]
    return {"exhibit": exhibit, "values": values, "island": island(gallery, exhibit),
            "feature_ids": features, "example": " & ~".join(features[:2])}


def _downloads(gallery: Gallery) -> Iterator[PlannedFile]:
    for exhibit in gallery.exhibits:
        for number in range(len(exhibit.explored)):
            yield PlannedFile(explore_data(exhibit.name, number),
                              partial(excerpt_script, exhibit, number))


add_page_kind(PageKind("explore", _pages, ("explore",), _downloads))
