"""A unit over a stretch of text, whether it has a page or not: what a picture is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from builder.core.cards import CellCard, Claim, Excerpt, ExhibitCard
from builder.core.labels import FeatureSpec
from builder.core.runs import labels_of
from builder.rendering.comparing import values_of
from builder.rendering.excerpts import clearest, explored_excerpt, failing, telling
from builder.rendering.gallery import Gallery


@dataclass(frozen=True)
class Picture:
    """A unit, what is claimed of it, and a text that shows it.

    Attributes:
        exhibit: Whose unit.
        claim: What is claimed.
        feature: Of the claim.
        excerpt: The text, with values and labels.
        fails: Where the claim fails; None where it holds on all texts that were cut.
        cell: The unit's page; None where it has none.
    """

    exhibit: ExhibitCard
    claim: Claim
    feature: FeatureSpec
    excerpt: Excerpt
    fails: Excerpt | None
    cell: CellCard | None


def picture_of(gallery: Gallery, cell: CellCard) -> Picture:
    """Return the picture of a cell, which must have an excerpt."""
    return Picture(gallery.exhibit(cell.exhibit), cell.claim, gallery.feature(cell.claim.feature),
                   clearest(cell.excerpts), failing(cell.excerpts), cell)


def picture_without_page(
    gallery: Gallery, exhibit: ExhibitCard, claim: Claim
) -> Picture | None:
    """Return a unit over the exhibit's text that shows it best; None where none does."""
    found = max(_over(exhibit, claim), key=telling, default=None)
    if found is None or not telling(found):
        return None
    return Picture(exhibit, claim, gallery.feature(claim.feature), found, None, None)


def _over(exhibit: ExhibitCard, claim: Claim) -> Iterator[Excerpt]:
    """Yield the unit of a claim over every text of the exhibit in which the feature changes."""
    if claim.unit in exhibit.table.units:
        for text in exhibit.explored:
            if claim.feature in text.labels:
                yield explored_excerpt(text, values_of(exhibit, text, claim.unit).tolist(),
                                       labels_of(text.labels[claim.feature]))
