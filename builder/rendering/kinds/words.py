"""How much of each network can be put into words: across exhibits, and formula by formula."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.core.cards import ExhibitCard
from builder.core.grades import GOOD
from builder.rendering.addresses import WORDS, words_name
from builder.rendering.downloads import data_of, words_download, words_table
from builder.rendering.followed import followed
from builder.rendering.formulated import (
    best_of_each,
    beyond_single,
    clearest,
    saying_several,
    verified,
)
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedFile, PlannedPage, add_page_kind
from builder.rendering.spreading import spreads_of

DRAWN, LINES = 12, 4
"""Units that are drawn, and lines of each."""


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(WORDS, "words.html.j2", partial(_all, gallery),
                      "How much can be put into words")
    for exhibit in gallery.worded():
        yield PlannedPage(words_name(exhibit.name), "worded.html.j2",
                          partial(_one, gallery, exhibit),
                          f"In words: {exhibit.title}", searched=False,
                          data=data_of(exhibit, words_name(exhibit.name)))


def _all(gallery: Gallery) -> dict[str, object]:
    rows = [(exhibit, best_of_each(exhibit)) for exhibit in gallery.worded()]
    gain = max(((exhibit, claim) for exhibit, claims in rows for claim in claims
                if claim.grade in GOOD), key=lambda row: beyond_single(row[1]), default=None)
    return {"rows": rows, "gain": gain, "verified": verified,
            "example": followed(*gain) if gain else None}


def _one(gallery: Gallery, exhibit: ExhibitCard) -> dict[str, object]:
    claims = best_of_each(exhibit)
    drawn = [(claim, followed(exhibit, claim, LINES)) for claim in clearest(claims)[:DRAWN]]
    return {"drawn": [(claim, lines) for claim, lines in drawn if lines is not None],
            "exhibit": exhibit, "worded": exhibit.worded, "claims": claims,
            "verified": verified(claims), "several": saying_several(claims),
            "spreads": spreads_of(exhibit, gallery),
            "conditions": [c for c in exhibit.worded.conditions if c.grade in GOOD]
            if exhibit.worded else []}


def _downloads(gallery: Gallery) -> Iterator[PlannedFile]:
    for exhibit in gallery.worded():
        name = words_name(exhibit.name)
        yield PlannedFile(f"{name}.csv", partial(words_table, exhibit))
        yield PlannedFile(f"{name}.json", partial(words_download, exhibit))


add_page_kind(PageKind("words", _pages, ("words",), _downloads))
