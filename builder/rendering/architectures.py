"""Networks of different architecture that had the same text and the same budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from builder.core.cards import Claim, ExhibitCard
from builder.core.labels import FeatureSpec
from builder.rendering.gallery import GOOD, Gallery, claims_on


@dataclass(frozen=True)
class Row:
    """A feature, and the best unit of each network for it.

    Attributes:
        feature: Which.
        claims: The claim that was best on discover text, for each network; None without any.
    """

    feature: FeatureSpec
    claims: tuple[Claim | None, ...]


@dataclass(frozen=True)
class SideBySide:
    """Networks that can be compared.

    Attributes:
        exhibits: One of each architecture, that with the fewest weights first.
        rows: Features that a verified claim of any of them is about.
    """

    exhibits: tuple[ExhibitCard, ...]
    rows: tuple[Row, ...]


def side_by_side(gallery: Gallery) -> list[SideBySide]:
    """Return every group of networks with the same text and budget, two architectures or more."""
    groups: dict[str, dict[str, ExhibitCard]] = {}
    for exhibit in gallery.exhibits:
        if exhibit.budget:
            groups.setdefault(exhibit.budget, {}).setdefault(exhibit.architecture, exhibit)
    return [_compared(gallery, sorted(group.values(), key=lambda e: e.parameters))
            for group in groups.values() if len(group) > 1]


def _compared(gallery: Gallery, exhibits: Sequence[ExhibitCard]) -> SideBySide:
    found = {c.feature for e in exhibits for c in e.claims if c.grade in GOOD}
    rows = [Row(spec, tuple(next(iter(claims_on(e, spec.id)), None) for e in exhibits))
            for spec in gallery.features if spec.id in found]
    return SideBySide(tuple(exhibits), tuple(rows))
