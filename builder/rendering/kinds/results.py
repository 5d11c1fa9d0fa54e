"""The results of all exhibits in tables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.rendering import results
from builder.rendering.addresses import RESULTS
from builder.rendering.classics import show_all
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(RESULTS, "results.html.j2", partial(_given, gallery), "All results")


def _given(gallery: Gallery) -> dict[str, object]:
    return {
        "results": results, "pictures": show_all(gallery),
        "claims": results.all_claims(gallery), "seed_groups": results.all_seeds(gallery),
        "counters": results.all_counters(gallery), "films": list(results.filmed(gallery)),
        "transferred": results.all_transferred(gallery),
    }


add_page_kind(PageKind("results", _pages, ("results",)))
