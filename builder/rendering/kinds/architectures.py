"""Networks of different architecture side by side."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.rendering import compared, lasting
from builder.rendering.addresses import ARCHITECTURES
from builder.rendering.architectures import (
    OnOneText,
    SideBySide,
    shown_on_one_text,
    side_by_side,
)
from builder.rendering.charts import Group
from builder.rendering.gallery import Gallery
from builder.rendering.holding import HeldRow, held_rows, held_sentences
from builder.rendering.lasting import Lasting
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind
from builder.rendering.words import architecture

TITLE = "The architectures side by side"


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(ARCHITECTURES, "architectures.html.j2", partial(_given, gallery), TITLE,
                      about="Networks of different architecture that read the same text: the best "
                            "unit of each for what units are famous for, and how long they keep "
                            "what they have.")


def _given(gallery: Gallery) -> dict[str, object]:
    return {"groups": [_shown(group) for group in side_by_side(gallery)], "compared": compared,
            "lasting": lasting, "held_sentences": held_sentences}


def _shown(group: SideBySide) -> tuple[
        SideBySide, OnOneText | None, list[Lasting], list[Group], list[HeldRow]]:
    lasts = [one for exhibit in group.exhibits if (one := lasting.lasting(exhibit))]
    rows = [Group(architecture(one.exhibit), one.spread,
                  [(f"{claim.unit} {claim.feature}: {lasting.steps(life)}", life)
                   for claim, life in one.found]) for one in lasts]
    return group, shown_on_one_text(group), lasts, rows, held_rows(group.topics)


add_page_kind(PageKind("architectures", _pages, ("architectures",)))
