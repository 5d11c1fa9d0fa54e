"""The pages of units that have none for a single feature, but of whom words are sure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.core.cards import ExhibitCard
from builder.core.worded import ConditionClaim, FormulaClaim
from builder.rendering.addresses import unit_name
from builder.rendering.gallery import Gallery, said_in_words
from builder.rendering.kinds.cells import aliases
from builder.rendering.page_kind import PageKind, PlannedFile, PlannedPage, add_page_kind
from builder.rendering.spoken import about, in_words, spoken, title
from builder.rendering.typed import first_lines


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    for exhibit in gallery.worded():
        for claim in said_in_words(exhibit):
            yield PlannedPage(
                unit_name(exhibit.name, claim.unit), "spoken.html.j2",
                partial(_given, gallery, exhibit, claim),
                title(exhibit, claim, gallery), heading=f"{claim.unit}, in words",
                about=about(claim, gallery))


def _given(
    gallery: Gallery, exhibit: ExhibitCard, claim: FormulaClaim | ConditionClaim
) -> dict[str, object]:
    found = spoken(gallery, exhibit, claim)
    conditions = [c for c in exhibit.worded.conditions if c.unit.cell == claim.unit.cell] \
        if exhibit.worded else []
    text = (found.pictures or exhibit.explored)[0].text
    panel = in_words(exhibit, claim) if isinstance(claim, FormulaClaim) else {}
    return {"exhibit": exhibit, "found": found, "conditions": conditions,
            "start": first_lines(text), **panel}


def _downloads(gallery: Gallery) -> Iterator[PlannedFile]:
    for exhibit in gallery.worded():
        for claim in said_in_words(exhibit):
            yield from aliases(exhibit, claim.unit)


add_page_kind(PageKind("spoken", _pages, ("cells",), _downloads))
