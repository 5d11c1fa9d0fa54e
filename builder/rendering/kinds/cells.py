"""The page of a cell, made of panels, and its numbers and drawings as files."""

from __future__ import annotations

from collections.abc import Iterator

from builder.core.pages import Page
from builder.rendering.addresses import cell_name
from builder.rendering.downloads import cell_download, cell_table
from builder.rendering.figures import figures
from builder.rendering.gallery import Gallery, neighbours
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind
from builder.rendering.panel import all_panels, cells_of, sections


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    panels = all_panels()
    for of in cells_of(gallery):
        before, after = neighbours(of.exhibit, of.cell)
        given = {**of.names(), "of": of, "before": before, "after": after,
                 "sections": tuple(sections(panels, of))}
        yield PlannedPage(cell_name(of.cell), "cell.html.j2", given, of.title, searched=False)


def _downloads(gallery: Gallery) -> Iterator[Page]:
    for of in cells_of(gallery):
        yield cell_download(of.exhibit, of.cell)
        yield cell_table(of.cell)
        yield from figures(of.cell, of.feature)


add_page_kind(PageKind("cells", _pages, ("cells",), _downloads))
