"""The unit that follows no feature well."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.rendering.addresses import UNINTERPRETABLE
from builder.rendering.classics import UNINTERPRETABLE as TITLE
from builder.rendering.classics import unexplained
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(UNINTERPRETABLE, "unexplained.html.j2", partial(_given, gallery),
                      TITLE)


def _given(gallery: Gallery) -> dict[str, object]:
    return {"shown": unexplained(gallery)}


add_page_kind(PageKind("uninterpretable", _pages, ("classics",)))
