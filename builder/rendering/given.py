"""Claims that hold among certain characters alone: "it only turns on for some )"."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from builder.core.cards import Excerpt, ExhibitCard
from builder.core.formulas import parsed
from builder.core.grades import GOOD
from builder.core.runs import labels_of
from builder.core.shown import Explored
from builder.core.worded import ConditionClaim
from builder.rendering.comparing import values_of
from builder.rendering.excerpts import explored_excerpt, lines_with_most
from builder.rendering.gallery import Gallery

LECTURE = 'character==")"'
"""The characters of the picture that made such units known."""

LINES = 12
"""Lines of a picture."""

LEAST = 1
"""Characters of each kind, at which the feature is on and at which it is not, that it must show."""


@dataclass(frozen=True)
class Given:
    """A claim among certain characters.

    Attributes:
        exhibit: Whose unit.
        claim: What is claimed of it.
        picture: Text in which these characters alone have colours; its labels say at which of
            them the feature is on. None where no excerpt has enough of them.
    """

    exhibit: ExhibitCard
    claim: ConditionClaim
    picture: Excerpt | None = None


def given_on(gallery: Gallery, features: Collection[str]) -> tuple[Given, ...]:
    """Return the claims that stand on some features, the largest r first.

    Before them comes one with a picture: of the character of the lecture, where one can be drawn.
    """
    found = sorted((Given(exhibit, claim) for exhibit in gallery.exhibits if exhibit.worded
                    for claim in exhibit.worded.conditions
                    if claim.feature in features and claim.grade in GOOD),
                   key=lambda one: (one.claim.given != LECTURE, -abs(one.claim.r.value or 0.0)))
    drawn = ((one, picture_of(one.exhibit, one.claim)) for one in found)
    first = next(((one, picture) for one, picture in drawn if picture is not None), None)
    if first is None:
        return tuple(found)
    one, picture = first
    return (Given(one.exhibit, one.claim, picture), *(other for other in found if other is not one))


def picture_of(exhibit: ExhibitCard, claim: ConditionClaim) -> Excerpt | None:
    """Return the lines in which a claim can be seen best; None where none show enough of it."""
    best = max(_excerpts(exhibit, claim), key=lambda found: found[0], default=None)
    if best is None or best[0] < LEAST:
        return None
    return best[1]


def _excerpts(exhibit: ExhibitCard, claim: ConditionClaim) -> Iterator[tuple[int, Excerpt]]:
    """Yield excerpts with how many characters of the rarer kind they show."""
    atom = parsed(claim.given).atom
    if atom is None or atom.word is None or claim.unit not in exhibit.table.units:
        return
    for text in exhibit.explored:
        if text.activations and claim.feature in text.labels:
            yield _cut(exhibit, claim, text, atom.word)


def _cut(
    exhibit: ExhibitCard, claim: ConditionClaim, text: Explored, character: str
) -> tuple[int, Excerpt]:
    there = np.array([c == character for c in text.text])
    on = np.array(labels_of(text.labels[claim.feature])) > 0
    values = np.where(there, values_of(exhibit, text, claim.unit), np.nan)
    whole = explored_excerpt(text, values.tolist(), (there & on).astype(float).tolist())
    return lines_with_most(whole, LINES, [there & on, there & ~on])
