"""A few cells of an exhibit at checkpoints of its training."""

from __future__ import annotations

from collections.abc import Iterator

from builder.rendering.addresses import film_name
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    for exhibit in gallery.exhibits:
        if exhibit.film:
            yield PlannedPage(film_name(exhibit.name), "film.html.j2", {"exhibit": exhibit},
                              f"How it was learned: {exhibit.title}", searched=False)


add_page_kind(PageKind("film", _pages, ("films",)))
