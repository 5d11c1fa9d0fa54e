"""The page of a cell, made of panels, and its numbers and drawings as files."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.rendering.addresses import cell_name, figure_name
from builder.rendering.downloads import cell_download, cell_table
from builder.rendering.figures import figure
from builder.rendering.gallery import Gallery, neighbours
from builder.rendering.page_kind import PageKind, PlannedFile, PlannedPage, add_page_kind
from builder.rendering.panel import CellContext, Panel, all_panels, cells_of, sections


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    panels = tuple(all_panels())
    for of in cells_of(gallery):
        yield PlannedPage(cell_name(of.cell), "cell.html.j2", partial(_given, of, panels),
                          of.title, searched=False)


def _given(of: CellContext, panels: tuple[Panel, ...]) -> dict[str, object]:
    before, after = neighbours(of.exhibit, of.cell)
    return {**of.names(), "of": of, "before": before, "after": after,
            "sections": tuple(sections(panels, of))}


def _downloads(gallery: Gallery) -> Iterator[PlannedFile]:
    for of in cells_of(gallery):
        name = cell_name(of.cell)
        yield PlannedFile(f"{name}.json", partial(cell_download, of.exhibit, of.cell))
        yield PlannedFile(f"{name}.csv", partial(cell_table, of.cell))
        for number in range(1, len(of.cell.excerpts) + 1):
            yield PlannedFile(figure_name(of.cell, number),
                              partial(figure, of.cell, of.feature, number))


add_page_kind(PageKind("cells", _pages, ("cells",), _downloads))
