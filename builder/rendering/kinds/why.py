"""The pictures of the page on why correlation is not enough."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.core.cards import ExhibitCard
from builder.rendering.addresses import WHY, WHY_WORDS
from builder.rendering.contrasts import convincing_pair
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(WHY, "why.html.j2", partial(_given, gallery))
    yield PlannedPage(WHY_WORDS, "why_words.html.j2", partial(_words, gallery))


def _given(gallery: Gallery) -> dict[str, object]:
    return {"pair": convincing_pair(gallery)}


def _words(gallery: Gallery) -> dict[str, object]:
    """Give the network beside which those that learned nothing look best, by r' of formulas."""
    worded = gallery.worded()
    first = min((exhibit.order for exhibit in worded), default=0)
    return {"exhibit": max((e for e in worded if e.order == first), key=_looks_best,
                           default=None)}


def _looks_best(exhibit: ExhibitCard) -> float:
    """Return by what share of its units networks that learned nothing have more formulas."""
    if exhibit.worded is None:
        return -1.0
    found = exhibit.worded.coverage
    return (found.untrained.formulas[0] - found.trained.formulas[0]) / max(1, found.units)


add_page_kind(PageKind("why", _pages))
