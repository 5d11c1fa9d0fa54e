"""Whether the gate of a unit alone would hold what the unit is about, for as long as that lasts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from builder.core.cards import ExhibitCard
from builder.core.runs import labels_of
from builder.core.shown import half_life
from builder.rendering.lasting import LONGEST
from builder.rendering.sentences import listed
from builder.rendering.topics import Best, Topic, TopicRow
from builder.rendering.words import architecture


@dataclass(frozen=True)
class Held:
    """The best unit of a network for a topic, and how long its gate holds; all in characters.

    Attributes:
        best: The unit, with a verified claim.
        half_life: Over all that is read.
        where_on: Where the feature is on.
        lasts: How long the feature stays on, the mean over each time that it is.
    """

    best: Best
    half_life: float
    where_on: float
    lasts: float

    @property
    def outlasts(self) -> bool:
        """Whether more than half is left when the feature goes off."""
        return self.where_on > self.lasts


@dataclass(frozen=True)
class HeldRow:
    """A topic, and what holds it in each network with gates; None where no verified unit does."""

    topic: Topic
    held: tuple[Held | None, ...]

    @property
    def lasts(self) -> float:
        """How long the topic lasts: of the feature that the first unit is about."""
        return next(held.lasts for held in self.held if held)


def held_rows(rows: Sequence[TopicRow]) -> list[HeldRow]:
    """Return the topics that last and that a verified unit with a gate is about."""
    found = [HeldRow(row.topic, tuple(_held(best) for best in row.best if best.exhibit.keeping))
             for row in rows if row.topic.lasts]
    return [row for row in found if any(row.held)]


def _held(best: Best) -> Held | None:
    if not best.good or best.claim is None:
        return None
    claim = best.claim
    keeping = next((one for one in best.exhibit.keeping if one.unit.cell == claim.cell), None)
    runs = list(_runs(best.exhibit, claim.feature))
    if keeping is None or claim.feature not in keeping.where_on or not runs:
        return None
    where_on = half_life(keeping.where_on[claim.feature])
    return Held(best, min(keeping.half_life, LONGEST), min(where_on, LONGEST),
                sum(runs) / len(runs))


def _runs(exhibit: ExhibitCard, feature: str) -> Iterator[int]:
    """Yield how many characters a feature stays on, each time that it is, in all excerpts."""
    for excerpt in exhibit.explored:
        if feature in excerpt.labels:
            yield from _on(labels_of(excerpt.labels[feature]))


def _on(labels: Iterable[float]) -> Iterator[int]:
    return (len(list(run)) for on, run in groupby(labels, bool) if on)


def held_sentences(rows: Sequence[HeldRow]) -> Iterator[str]:
    """Say for each network what its gates would hold to the end, and what not."""
    for column in zip(*(row.held for row in rows), strict=True):
        pairs = [(row.topic.title, held) for row, held in zip(rows, column, strict=True) if held]
        if not pairs:
            continue
        name = architecture(pairs[0][1].best.exhibit)
        holds = [title for title, held in pairs if held.outlasts]
        rest = [title for title, held in pairs if not held.outlasts]
        if not rest:
            yield f"{name}: the gate holds all of these to their end: {listed(holds)}."
        elif not holds:
            yield f"{name}: the gate holds none of these to their end: {listed(rest)}."
        else:
            yield (f"{name}: the gate holds {listed(holds)} to the end, but not "
                   f"{listed(rest, 'or')}.")
