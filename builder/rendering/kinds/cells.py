"""The page of a cell, made of panels, with its numbers and drawings as files; units in words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.core.cards import ExhibitCard
from builder.core.units import Kind, UnitId
from builder.rendering.addresses import (
    alias_names,
    cell_name,
    figure_name,
    preview_name,
    unit_name,
)
from builder.rendering.downloads import cell_download, cell_table, data_of
from builder.rendering.figures import figure
from builder.rendering.gallery import Gallery, neighbours, said_in_words
from builder.rendering.page_kind import PageKind, PlannedFile, PlannedPage, add_page_kind
from builder.rendering.panel import CellContext, Panel, all_panels, cells_of, sections
from builder.rendering.preview import preview
from builder.rendering.spoken import spoken_pages

BOOST = 2
"""In the search a unit with a page of evidence comes before one of the same name in words alone."""


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    panels = tuple(all_panels())
    for of in cells_of(gallery):
        yield PlannedPage(cell_name(of.cell), "cell.html.j2", partial(_given, of, panels),
                          of.title, heading=of.heading, about=of.about, boost=BOOST,
                          picture=preview_name(of.cell) if of.cell.excerpts else "",
                          data=data_of(of.exhibit, cell_name(of.cell)))


def _given(of: CellContext, panels: tuple[Panel, ...]) -> dict[str, object]:
    before, after = neighbours(of.exhibit, of.cell)
    return {**of.names(), "of": of, "before": before, "after": after,
            "sections": tuple(sections(panels, of))}


def _all_pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield from _pages(gallery)
    yield from spoken_pages(gallery)


def _downloads(gallery: Gallery) -> Iterator[PlannedFile]:
    for of in cells_of(gallery):
        name = cell_name(of.cell)
        yield PlannedFile(f"{name}.json", partial(cell_download, of.exhibit, of.cell))
        yield PlannedFile(f"{name}.csv", partial(cell_table, of.cell))
        yield from _aliases(of.exhibit, of.cell.claim.unit)
        if of.cell.excerpts:
            yield PlannedFile(preview_name(of.cell), partial(preview, of.cell.excerpts[0]))
        for number in range(1, len(of.cell.excerpts) + 1):
            yield PlannedFile(figure_name(of.cell, number),
                              partial(figure, of.cell, of.feature, number))


def _all_downloads(gallery: Gallery) -> Iterator[PlannedFile]:
    yield from _downloads(gallery)
    for exhibit in gallery.worded():
        for claim in said_in_words(exhibit):
            yield from _aliases(exhibit, claim.unit)


def _aliases(exhibit: ExhibitCard, unit: UnitId) -> Iterator[PlannedFile]:
    """Yield the files that lead to a unit's page from the names of its signals."""
    page = unit_name(exhibit.name, unit).split("/")[-1]
    states = [signal.name for signal in exhibit.signals if signal.kind is Kind.STATE]
    for alias in alias_names(exhibit.name, unit, states):
        yield PlannedFile(alias, partial(_alias, page))


def _alias(page: str) -> str:
    """Return a file that leads on to a page of the folder above; sites read from disk have none."""
    return (f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{page}</title>\n'
            f'<link rel="canonical" href="../{page}/">\n'
            f'<script>location.replace("../{page}/" + location.search + location.hash);</script>\n'
            f'<noscript><meta http-equiv="refresh" content="0; url=../{page}/"></noscript>\n'
            f'</head><body><a href="../{page}/">{page}</a></body></html>\n')


add_page_kind(PageKind("cells", _all_pages, ("cells",), _all_downloads))
