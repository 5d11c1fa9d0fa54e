"""All units of an exhibit against all features."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.core.cards import ExhibitCard
from builder.rendering.addresses import units_name
from builder.rendering.downloads import data_of, unit_download, unit_table
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedFile, PlannedPage, add_page_kind
from builder.rendering.units import FULL, matrix, strongest_first, unit_rows


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    for exhibit in gallery.exhibits:
        yield PlannedPage(units_name(exhibit.name), "units.html.j2",
                          partial(_given, gallery, exhibit), f"All units: {exhibit.title}",
                          searched=False, data=data_of(exhibit, units_name(exhibit.name)))


def _given(gallery: Gallery, exhibit: ExhibitCard) -> dict[str, object]:
    features = gallery.measured(exhibit)
    return {"exhibit": exhibit, "matrix": matrix(exhibit, features), "full": FULL,
            "rows": strongest_first(unit_rows(exhibit, features))}


def _downloads(gallery: Gallery) -> Iterator[PlannedFile]:
    for exhibit in gallery.exhibits:
        name = units_name(exhibit.name)
        yield PlannedFile(f"{name}.csv", partial(unit_table, exhibit))
        yield PlannedFile(f"{name}.json", partial(unit_download, exhibit))


add_page_kind(PageKind("units", _pages, ("units",), _downloads))
