"""The page of an exhibit, its claims as files, and its network as a script."""

from __future__ import annotations

from collections.abc import Iterator

from builder.core.pages import Page
from builder.rendering.addresses import exhibit_name
from builder.rendering.downloads import claim_table, exhibit_download
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind
from builder.rendering.typed import model_script


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    for exhibit in gallery.exhibits:
        about = f"## About this exhibit\n\n{exhibit.about}" if exhibit.about.strip() else ""
        yield PlannedPage(exhibit_name(exhibit.name), "exhibit.html.j2", {"exhibit": exhibit},
                          exhibit.title, after=about)


def _downloads(gallery: Gallery) -> Iterator[Page]:
    for exhibit in gallery.exhibits:
        yield exhibit_download(exhibit)
        yield claim_table(exhibit)
        yield from model_script(exhibit)


add_page_kind(PageKind("exhibit", _pages, ("exhibits", "models"), _downloads))
