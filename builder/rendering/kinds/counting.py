"""Which networks count, and where they fail: theory held against small networks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.core.counted import Counted
from builder.rendering import counting, driving, foretold, theory
from builder.rendering.addresses import COUNTING
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(COUNTING, "counting.html.j2", partial(_given, gallery), "Who can count",
                      about="Which recurrent networks can keep a latch, a toggle and a counter: "
                            "what theory says, and what came out.")


def _given(gallery: Gallery) -> dict[str, object]:
    counted = gallery.counted or Counted("", {}, {}, 1.0, ())
    languages = counting.languages_of(counted)
    return {
        "counting": counting, "theory": theory, "counted": counted,
        "asked": counting.asked_rows(counted), "languages": languages,
        "all": counting.rows(counted, languages), "shown": foretold.foretold(counted),
        "foretold": foretold, "driving": driving,
    }


add_page_kind(PageKind("counting", _pages, ("counting",)))
