"""Networks of different architecture that had the same text and the same budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from builder.core.cards import Claim, Excerpt, ExhibitCard
from builder.core.grades import GOOD
from builder.core.labels import FeatureSpec
from builder.rendering.comparing import OnText, text_shared
from builder.rendering.excerpts import telling, telling_lines
from builder.rendering.gallery import Gallery, claims_on, judged_by
from builder.rendering.score import best_first, excerpt_of


@dataclass(frozen=True)
class Row:
    """A feature, and the best unit of each network for it.

    Attributes:
        feature: Which.
        claims: The claim that was best on discover text, for each network; None without any.
    """

    feature: FeatureSpec
    claims: tuple[Claim | None, ...]


LINES = 6
"""Of the text that all networks of a group are shown on."""


@dataclass(frozen=True)
class OnOneText:
    """The best unit of each network for one feature, over the same lines.

    Attributes:
        feature: Which.
        units: With their claims; each excerpt has the same text.
    """

    feature: FeatureSpec
    units: tuple[tuple[OnText, Excerpt], ...]


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


def shown_on_one_text(group: SideBySide) -> OnOneText | None:
    """Return the networks of a group on one text; None where they share none.

    The feature is one on which the networks differ, and on which one can see it; and one that the
    best of them tracks well.
    """
    found = [shown for row in group.rows if (shown := _on_one_text(group, row.feature))]
    return max(found, key=_difference, default=None)


def _difference(shown: OnOneText) -> float:
    """Return how much better the best unit is than the worst: by its number, and to the eye."""
    sizes = [abs(judged_by(unit.claim)[1].value or 0.0) for unit, _ in shown.units]
    seen = [telling(excerpt) for _, excerpt in shown.units]
    return (max(sizes) - min(sizes)) * (max(seen) - min(seen)) * max(sizes)


def _on_one_text(group: SideBySide, feature: FeatureSpec) -> OnOneText | None:
    same = text_shared(group.exhibits, feature.id)
    if same is None or len(same.units) < len(group.exhibits):
        return None
    clear = telling_lines(excerpt_of(same, best_first(same).units[0]), LINES)
    stop = clear.start + len(clear.text)
    return OnOneText(feature, tuple(
        (unit, replace(clear, values=unit.values[clear.start : stop])) for unit in same.units))


def _compared(gallery: Gallery, exhibits: Sequence[ExhibitCard]) -> SideBySide:
    found = {c.feature for e in exhibits for c in e.claims if c.grade in GOOD}
    rows = [Row(spec, tuple(next(iter(claims_on(e, spec.id)), None) for e in exhibits))
            for spec in gallery.features if spec.id in found]
    return SideBySide(tuple(exhibits), tuple(rows))
