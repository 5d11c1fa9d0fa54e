"""The list of the classic pictures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.rendering.addresses import CLASSICS as INDEX
from builder.rendering.classics import CLASSICS, show
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(INDEX, "classics.html.j2", partial(_given, gallery), "The classic pictures")


def _given(gallery: Gallery) -> dict[str, object]:
    pictures = [show(gallery, classic) for classic in CLASSICS]
    famous = [picture for picture in pictures if picture.classic.famous]
    others = [picture for picture in pictures if not picture.classic.famous]
    return {"famous": famous, "others": others}


add_page_kind(PageKind("classics", _pages, ("classics",)))
