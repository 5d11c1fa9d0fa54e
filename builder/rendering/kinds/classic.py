"""The page of a classic picture."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.rendering.addresses import classic_name
from builder.rendering.classics import CLASSICS, Classic, show
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    for classic in CLASSICS:
        yield PlannedPage(classic_name(classic.name), "classic.html.j2",
                          partial(_given, gallery, classic), classic.title)


def _given(gallery: Gallery, classic: Classic) -> dict[str, object]:
    return {"shown": show(gallery, classic)}


add_page_kind(PageKind("classic", _pages, ("classics",)))
