"""Two units side by side, in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.rendering.addresses import SIDE_BY_SIDE
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind
from builder.rendering.pairs import choices, first_pair, networks

TITLE = "Side by side"


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(SIDE_BY_SIDE, "side_by_side.html.j2", partial(_given, gallery), TITLE,
                      about="Two units on one text, one unit on two texts, or one text through "
                            "two networks, and where they differ.")


def _given(gallery: Gallery) -> dict[str, object]:
    return {"first": first_pair(gallery), "choices": list(choices(gallery)),
            "networks": networks(gallery)}


add_page_kind(PageKind("side_by_side", _pages, ("side-by-side",)))
