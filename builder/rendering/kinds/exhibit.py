"""The page of an exhibit, its claims as files, and its network as a script."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.core.cards import ExhibitCard
from builder.core.grades import GOOD
from builder.rendering.addresses import exhibit_name, model_file
from builder.rendering.downloads import claim_table, data_of, exhibit_download
from builder.rendering.gallery import Gallery, best_cells, claims_on
from builder.rendering.page_kind import PageKind, PlannedFile, PlannedPage, add_page_kind
from builder.rendering.typed import model_script

BEST = 6
"""Units that are shown first."""


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    for exhibit in gallery.exhibits:
        about = f"## About this exhibit\n\n{exhibit.about}" if exhibit.about.strip() else ""
        yield PlannedPage(exhibit_name(exhibit.name), "exhibit.html.j2",
                          partial(_given, gallery, exhibit), exhibit.title,
                          about=exhibit.summary.replace("`", ""), after=about, exhibit=True,
                          data=data_of(exhibit, exhibit_name(exhibit.name)))


def _given(gallery: Gallery, exhibit: ExhibitCard) -> dict[str, object]:
    best = best_cells(exhibit, BEST)
    stand = [spec for spec in gallery.measured(exhibit)
             if any(c.grade in GOOD for c in claims_on(exhibit, spec.id)[:1])]
    return {"exhibit": exhibit, "best": best, "stand": len(stand),
            "others": [cell for cell in exhibit.cells if cell not in best]}


def _downloads(gallery: Gallery) -> Iterator[PlannedFile]:
    for exhibit in gallery.exhibits:
        name = exhibit_name(exhibit.name)
        yield PlannedFile(f"{name}.json", partial(exhibit_download, exhibit))
        yield PlannedFile(f"{name}.csv", partial(claim_table, exhibit))
        if exhibit.in_browser is not None:
            yield PlannedFile(model_file(exhibit.name), partial(model_script, exhibit))


add_page_kind(PageKind("exhibit", _pages, ("exhibits", "models"), _downloads))
