"""The pictures of the page on why correlation is not enough."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.rendering.addresses import WHY
from builder.rendering.contrasts import convincing_pair
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(WHY, "why.html.j2", partial(_given, gallery))


def _given(gallery: Gallery) -> dict[str, object]:
    return {"pair": convincing_pair(gallery)}


add_page_kind(PageKind("why", _pages))
