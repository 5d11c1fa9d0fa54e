"""The strip of the home page: a unit at work."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.rendering.addresses import HOME
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(HOME, "home.html.j2", partial(_given, gallery))


def _given(gallery: Gallery) -> dict[str, object]:
    return {"cell": gallery.strongest_cell()}


add_page_kind(PageKind("home", _pages))
