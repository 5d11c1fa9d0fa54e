"""The list of the classic pictures."""

from __future__ import annotations

from collections.abc import Iterator

from builder.rendering.addresses import CLASSICS as INDEX
from builder.rendering.classics import CLASSICS, show
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    pictures = [show(gallery, classic) for classic in CLASSICS]
    famous = [picture for picture in pictures if picture.classic.famous]
    others = [picture for picture in pictures if not picture.classic.famous]
    yield PlannedPage(INDEX, "classics.html.j2", {"famous": famous, "others": others},
                      "The classic pictures")


add_page_kind(PageKind("classics", _pages, ("classics",)))
