"""All units of an exhibit against all features."""

from __future__ import annotations

from collections.abc import Iterator

from builder.core.cards import ExhibitCard
from builder.core.pages import Page
from builder.rendering.addresses import units_name
from builder.rendering.downloads import unit_tables
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind
from builder.rendering.units import FULL, matrix, unit_rows


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    for exhibit in gallery.exhibits:
        yield PlannedPage(units_name(exhibit.name), "units.html.j2", _given(gallery, exhibit),
                          f"All units: {exhibit.title}", searched=False)


def _given(gallery: Gallery, exhibit: ExhibitCard) -> dict[str, object]:
    features = gallery.measured(exhibit)
    return {"exhibit": exhibit, "matrix": matrix(exhibit, features), "full": FULL,
            "rows": unit_rows(exhibit, features)}


def _downloads(gallery: Gallery) -> Iterator[Page]:
    for exhibit in gallery.exhibits:
        yield from unit_tables(exhibit)


add_page_kind(PageKind("units", _pages, ("units",), _downloads))
