"""The strip of the home page: a unit at work."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.rendering.addresses import HOME
from builder.rendering.classics import POST
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind
from builder.rendering.pictures import picture_of

LINES = 11
"""Of the text on the first screen."""


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(HOME, "home.html.j2", partial(_given, gallery))


def _given(gallery: Gallery) -> dict[str, object]:
    cell = gallery.strongest_cell()
    return {"picture": picture_of(gallery, cell) if cell else None, "post": POST,
            "lines": LINES}


add_page_kind(PageKind("home", _pages))
