"""Networks of different architecture side by side."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from builder.rendering.addresses import ARCHITECTURES
from builder.rendering.architectures import shown_on_one_text, side_by_side
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(ARCHITECTURES, "architectures.html.j2", partial(_given, gallery),
                      "RNN, GRU and LSTM side by side")


def _given(gallery: Gallery) -> dict[str, object]:
    groups = [(group, shown_on_one_text(group)) for group in side_by_side(gallery)]
    return {"groups": groups}


add_page_kind(PageKind("architectures", _pages, ("architectures",)))
