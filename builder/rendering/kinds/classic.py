"""The page of a classic picture."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.core.grades import GOOD
from builder.rendering.addresses import classic_name
from builder.rendering.classics import CLASSICS, POST, Classic, show
from builder.rendering.gallery import Gallery
from builder.rendering.given import given_on
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    for classic in CLASSICS:
        yield PlannedPage(classic_name(classic.name), "classic.html.j2",
                          partial(_given, gallery, classic), classic.title)


def _given(gallery: Gallery, classic: Classic) -> dict[str, object]:
    shown, at = show(gallery, classic), CLASSICS.index(classic)
    return {"shown": shown, "given": given_on(gallery, classic.features),
            "post": POST, "good_grades": GOOD,
            "good_claims": sum(claim.grade in GOOD for _, _, claim in shown.claims),
            "before": CLASSICS[at - 1] if at else None,
            "after": CLASSICS[at + 1] if at + 1 < len(CLASSICS) else None}


add_page_kind(PageKind("classic", _pages, ("classics",)))
