"""What a unit does besides what its page is about."""

from __future__ import annotations

from collections.abc import Iterator

from builder.core.cards import CellCard, Claim, ExhibitCard
from builder.core.grades import GOOD
from builder.core.labels import Tag
from builder.rendering.gallery import Gallery, judged_by
from builder.rendering.overlap import overlap
from builder.rendering.words import lead, sign

APART = 0.3
"""Two features are different things where their labels correlate less than this, in size."""


def also_sentence(gallery: Gallery, exhibit: ExhibitCard, cell: CellCard) -> str:
    """Say what else stands about a unit, where that is another thing; empty where nothing does.

    It is another thing where the unit has the other colour there, or where the labels of the two
    features have little to do with each other.
    """
    best = max(_others(gallery, exhibit, cell),
               key=lambda claim: abs(judged_by(claim)[1].value or 0.0), default=None)
    if best is None:
        return ""
    said = lead(best, gallery.feature(best.feature)).removeprefix(f"{best.changing} ")
    return f"It is also {said[3:]}" if said.startswith("is ") else f"It also {said}"


def _others(gallery: Gallery, exhibit: ExhibitCard, cell: CellCard) -> Iterator[Claim]:
    claim = cell.claim
    for other in cell.others:
        lasts = gallery.feature(other.feature).tag in (Tag.STATE, Tag.COUNT)
        if (lasts and other.grade in GOOD and other.feature != claim.feature
                and other.changing == claim.changing
                and (sign(other) * sign(claim) < 0 or _apart(exhibit, claim, other))):
            yield other


def _apart(exhibit: ExhibitCard, claim: Claim, other: Claim) -> bool:
    """Tell whether two features are different things; where that cannot be seen, they are not."""
    shared = overlap(exhibit, claim.feature, other.feature)
    return shared is not None and abs(shared) < APART
