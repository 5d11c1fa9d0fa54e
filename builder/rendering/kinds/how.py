"""The picture of the page on how to read pictures: a unit, what it does, and the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from builder.core.cards import Claim, Excerpt, ExhibitCard
from builder.core.labels import FeatureSpec
from builder.rendering.addresses import HOW
from builder.rendering.excerpts import clearest, telling_lines
from builder.rendering.gallery import Gallery
from builder.rendering.page_kind import PageKind, PlannedPage, add_page_kind

LINES = 9
"""Of the picture."""


@dataclass(frozen=True)
class Shown:
    """A unit on a few lines.

    Attributes:
        exhibit: Whose unit.
        claim: What is claimed of it.
        feature: Of the claim.
        excerpt: The lines.
        on: Mean of the unit there where the feature is on.
        off: The same where it is off.
    """

    exhibit: ExhibitCard
    claim: Claim
    feature: FeatureSpec
    excerpt: Excerpt
    on: float
    off: float


def _pages(gallery: Gallery) -> Iterator[PlannedPage]:
    yield PlannedPage(HOW, "how.html.j2", partial(_given, gallery))


def _given(gallery: Gallery) -> dict[str, object]:
    return {"shown": shown(gallery)}


def shown(gallery: Gallery) -> Shown | None:
    """Return the strongest unit on the lines that show it best; None where it is not on and off."""
    cell = gallery.strongest_cell()
    if cell is None or not cell.excerpts:
        return None
    part = telling_lines(clearest(cell.excerpts), LINES)
    values, on = np.array(part.values), np.array(part.labels) != 0
    if on.all() or not on.any():
        return None
    return Shown(gallery.exhibit(cell.exhibit), cell.claim, gallery.feature(cell.claim.feature),
                 part, float(values[on].mean()), float(values[~on].mean()))


add_page_kind(PageKind("how", _pages))
