"""The pictures of the page on why correlation is not enough."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.rendering.addresses import WHY, WHY_WORDS
from builder.rendering.contrasts import convincing_pair
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(WHY, "why.html.j2", partial(_given, gallery))
    yield PlannedPage(WHY_WORDS, "why_words.html.j2", partial(_words, gallery))


def _given(gallery: Gallery) -> dict[str, object]:
    return {"pair": convincing_pair(gallery)}


def _words(gallery: Gallery) -> dict[str, object]:
    """Give the network with most units of those that were put into words."""
    worded = gallery.worded()
    first = min((exhibit.order for exhibit in worded), default=0)
    return {"exhibit": max((e for e in worded if e.order == first),
                           key=lambda e: e.num_layers * e.hidden_size, default=None)}


add_page_kind(PageKind("why", _pages))
