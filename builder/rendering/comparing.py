"""Units of several exhibits on one and the same text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.cards import Claim, ExhibitCard
from builder.core.runs import labels_of
from builder.core.shown import Explored
from builder.core.units import UnitId
from builder.rendering.gallery import Gallery, claims_on


@dataclass(frozen=True)
class OnText:
    """A unit on an excerpt.

    Attributes:
        exhibit: Whose unit.
        claim: The best claim of the exhibit on the feature that is about a state.
        values: Of the unit, one a character, in 1/127.
    """

    exhibit: ExhibitCard
    claim: Claim
    values: tuple[float, ...]


@dataclass(frozen=True)
class SameText:
    """An excerpt labelled with a feature, and the best units for it.

    Attributes:
        excerpt: The text.
        labels: Of the feature, one a character.
        units: One of each exhibit that has the text.
    """

    excerpt: Explored
    labels: tuple[float, ...]
    units: tuple[OnText, ...]


@dataclass(frozen=True)
class OnPassage:
    """A unit on a passage that the recipe names.

    Attributes:
        exhibit: Whose unit.
        claim: What is claimed of it.
        excerpt: The passage.
        values: Of the unit, one a character, in 1/127.
        labels: Of the feature, one a character; none where it does not change here.
    """

    exhibit: ExhibitCard
    claim: Claim
    excerpt: Explored
    values: tuple[float, ...]
    labels: tuple[float, ...]


def same_text(gallery: Gallery, feature: str) -> SameText | None:
    """Return the text that most exhibits share and in which a feature changes most.

    One that people wrote, and two exhibits share, comes before a made one. None where it changes
    in none of the excerpts.
    """
    return text_shared(gallery.exhibits, feature)


def text_shared(exhibits: Sequence[ExhibitCard], feature: str) -> SameText | None:
    """Return the same for some exhibits."""
    shared = Counter(key for exhibit in exhibits for key in _keys(exhibit, feature))
    if not shared:
        return None
    real = {key for exhibit in exhibits if not exhibit.made for key in _keys(exhibit, feature)}
    key, _ = max(shared.items(), key=lambda item: (
        item[0] in real and item[1] > 1, item[1], _variety(exhibits, item[0], feature)))
    return _same(exhibits, feature, key)


def texts_shared(exhibits: Sequence[ExhibitCard], feature: str) -> list[SameText]:
    """Return every text that all of some exhibits have and on which the feature changes."""
    keys = [dict.fromkeys(_keys(exhibit, feature)) for exhibit in exhibits]
    return [_same(exhibits, feature, key) for key in keys[0] if all(key in own for own in keys)]


Key = tuple[str, int]


def _same(exhibits: Sequence[ExhibitCard], feature: str, key: Key) -> SameText:
    units = tuple(unit for exhibit in exhibits for unit in _units(exhibit, feature, key))
    excerpt = next(e for exhibit in exhibits for e in exhibit.explored
                   if (e.document, e.line) == key and feature in e.labels)
    return SameText(excerpt, tuple(labels_of(excerpt.labels[feature])), units)


def _keys(exhibit: ExhibitCard, feature: str) -> Iterator[Key]:
    for excerpt in exhibit.explored:
        if feature in excerpt.labels:
            yield excerpt.document, excerpt.line


def _variety(exhibits: Sequence[ExhibitCard], key: Key, feature: str) -> float:
    """Return the share of characters that differ from the commonest label."""
    for exhibit in exhibits:
        for excerpt in exhibit.explored:
            if (excerpt.document, excerpt.line) == key and feature in excerpt.labels:
                labels = labels_of(excerpt.labels[feature])
                return 1 - max(Counter(labels).values()) / len(labels)
    return 0.0


def _units(exhibit: ExhibitCard, feature: str, key: Key) -> Iterator[OnText]:
    texts = [e for e in exhibit.explored if (e.document, e.line) == key]
    best = next((c for c in claims_on(exhibit, feature) if c.unit in exhibit.table.places), None)
    if best and texts:
        yield OnText(exhibit, best, tuple(values_of(exhibit, texts[0], best.unit).tolist()))


def on_passage(exhibit: ExhibitCard, claim: Claim, title: str) -> OnPassage | None:
    """Return the unit of a claim on a passage; None where there is no such passage or unit."""
    texts = [excerpt for excerpt in exhibit.explored if excerpt.title == title]
    if not title or not texts or claim.unit not in exhibit.table.places:
        return None
    values = tuple(values_of(exhibit, texts[0], claim.unit).tolist())
    runs = texts[0].labels.get(claim.feature)
    return OnPassage(exhibit, claim, texts[0], values, tuple(labels_of(runs)) if runs else ())


def values_of(exhibit: ExhibitCard, excerpt: Explored, unit: UnitId) -> NDArray[np.float64]:
    """Return what a unit does on an excerpt, float64[N], to 1/127."""
    raw = np.frombuffer(excerpt.activations, np.int8)
    column = exhibit.table.places[unit]
    return raw.reshape(-1, len(exhibit.table.units))[:, column].astype(np.float64) / 127
