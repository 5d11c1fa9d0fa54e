"""The list of the classic pictures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from markupsafe import Markup

from builder.rendering.addresses import CLASSICS as INDEX
from builder.rendering.classics import POST, Unexplained, show_all, unexplained
from builder.rendering.excerpts import explored_excerpt, liveliest_lines, values_html
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind

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
    return {"famous": famous, "others": others, "post": POST, "unexplained": plain,
            "unexplained_strip": _strip(plain) if plain else "",
            "sources": gallery.sources_of(used)}


def _strip(shown: Unexplained) -> Markup:
    """Return the lines in which a unit without a claim moves most."""
    whole = explored_excerpt(shown.excerpt, shown.values, (0.0,) * len(shown.values))
    part = liveliest_lines(whole, LINES)
    return values_html(part, part.values)


add_page_kind(PageKind("classics", _pages, ("classics",)))
