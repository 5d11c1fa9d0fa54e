"""The list of the classic pictures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from markupsafe import Markup

from builder.rendering.addresses import CLASSICS as INDEX
from builder.rendering.classics import POST, Unexplained, show_all, unexplained
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind
from builder.rendering.spans import coloured

LINES = 6
"""Of the picture of the unit without a claim."""


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(INDEX, "classics.html.j2", partial(_given, gallery), "The classic pictures")


def _given(gallery: Gallery) -> dict[str, object]:
    pictures = show_all(gallery)
    famous = [picture for picture in pictures if picture.classic.famous]
    others = [picture for picture in pictures if not picture.classic.famous]
    plain = unexplained(gallery)
    used = {shown.picture.exhibit.name for shown in pictures if shown.picture}
    sources = {e.source: e for e in gallery.exhibits if e.name in used}
    return {"famous": famous, "others": others, "post": POST, "unexplained": plain,
            "unexplained_strip": _strip(plain) if plain else "",
            "sources": tuple(sources.values())}


def _strip(shown: Unexplained) -> Markup:
    """Return the first lines of a unit without a claim."""
    text = "".join(shown.excerpt.text.splitlines(keepends=True)[:LINES])
    return coloured(text, shown.values[: len(text)])


add_page_kind(PageKind("classics", _pages, ("classics",)))
