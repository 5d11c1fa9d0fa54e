"""What a unit's change does at events: does it go up where a feature rises, down where it falls?"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.evidence import Counter, Step
from builder.core.scores import Estimate
from builder.core.text import GROUPS
from builder.scoring.intervals import mean_estimates
from builder.scoring.sums import Totals

LEVELS = 16
"""Levels before an event that are told apart, 0 to 15; events above are in no level."""

LEAST_EVENTS = 50
"""Events at a level without which its mean is not given."""

Float = NDArray[np.float64]
Marks = NDArray[np.bool_]

OPENING, CLOSING = 0, 1
NOW, AFTER = 0, 1


class _Steps(Totals):
    """Changes at some kinds of event and at the next character, by document group.

    Args:
        kinds: Number of kinds of event.
        pairs: P.
        more: Further sums.
    """

    def __init__(self, kinds: int, pairs: int, **more: Any) -> None:
        shape = (kinds, 2, GROUPS, pairs)
        super().__init__(counts=np.zeros(shape, np.int64), sums=np.zeros(shape), **more)

    def _add(self, kind: int, changes: NDArray[np.float32], events: Marks, scored: Marks,
             group: int) -> None:
        """Add the changes at scored events, and after them where that is scored too."""
        here = events & scored[:, None]  # t is an event and counts   [N, P]
        next_ = np.zeros_like(here)
        next_[1:] = here[:-1] & scored[1:, None]  # t − 1 was one, and t counts
        for when, marks in ((NOW, here), (AFTER, next_)):
            self._totals["counts"][kind, when, group] += marks.sum(0)
            self._totals["sums"][kind, when, group] += np.where(marks, changes, 0.0).sum(
                0, dtype=np.float64)

    def _steps(self, kind: int) -> list[Step]:
        counts, sums = self._totals["counts"][kind], self._totals["sums"][kind]
        now, after = (mean_estimates(counts[when], sums[when]) for when in (NOW, AFTER))
        events = counts[NOW].sum(0).tolist()
        return [Step(*step) for step in zip(now, after, events, strict=True)]


class CounterSums(_Steps):
    """Changes of units where labels rise (opening) and fall (closing).

    Args:
        pairs: P, pairs of a unit and a feature.
    """

    def __init__(self, pairs: int) -> None:
        shape = (2, LEVELS, pairs)
        super().__init__(2, pairs, level_counts=np.zeros(shape, np.int64),
                         level_sums=np.zeros(shape))

    def add(
        self, changes: NDArray[np.float32], labels: NDArray[Any], scored: Marks, group: int
    ) -> None:
        """Add one piece of text.

        Args:
            changes: float32[N, P], change of each pair's unit at each character.
            labels: [N, P], each pair's feature.
            scored: bool[N], characters that count.
            group: Document group, 0 to 63.
        """
        before = np.vstack([labels[:1], labels[:-1]])  # f_{t−1}; a rise is f_t > f_{t−1}
        for kind, events in ((OPENING, labels > before), (CLOSING, labels < before)):
            self._add(kind, changes, events, scored, group)
            self._add_levels(kind, changes, before, events & scored[:, None])

    def _add_levels(
        self, kind: int, changes: NDArray[np.float32], before: NDArray[Any], events: Marks
    ) -> None:
        t, p = np.nonzero(events & (before >= 0) & (before < LEVELS))
        pairs = changes.shape[1]
        place = before[t, p].astype(np.int64) * pairs + p  # (level, pair) as one number
        for name, weights in (("level_counts", None), ("level_sums", changes[t, p])):
            added = np.bincount(place, weights, LEVELS * pairs)
            self._totals[name][kind] += added.reshape(LEVELS, pairs)

    def results(self, signal: str) -> list[Counter]:
        """Return the counter test of every pair.

        Args:
            signal: Whose changes were added, `dc` or `dh`.
        """
        steps = zip(self._steps(OPENING), self._steps(CLOSING), strict=True)
        counts, sums = self._totals["level_counts"], self._totals["level_sums"]
        return [_counter(signal, opening, closing, counts[..., p], sums[..., p])
                for p, (opening, closing) in enumerate(steps)]


class EventSums(_Steps):
    """Changes of units at events that are marked by themselves.

    Args:
        pairs: P, pairs of a unit and an event feature.
    """

    def __init__(self, pairs: int) -> None:
        super().__init__(2, pairs)

    def add(
        self, changes: NDArray[np.float32], marks: NDArray[Any], scored: Marks, group: int
    ) -> None:
        """Add one piece of text.

        Args:
            changes: float32[N, P], change of each pair's unit at each character.
            marks: [N, P], not 0 where each pair's event is.
            scored: bool[N], characters that count.
            group: Document group, 0 to 63.
        """
        self._add(0, changes, marks != 0, scored, group)
        self._add(1, changes, marks == 0, scored, group)

    def steps(self) -> list[Step]:
        """Return the step of each pair at its event."""
        return self._steps(0)

    def elsewhere(self) -> list[Estimate]:
        """Return the mean change of each pair's unit where its event is not."""
        return [step.now for step in self._steps(1)]


def two_steps(signal: str, opening: Step, closing: Step) -> Counter:
    """Return the counter test from two events that undo each other; there are no levels.

    Args:
        signal: Whose changes they are, `dc` or `dh`.
        opening: Step at the one.
        closing: Step at the other.
    """
    return Counter(signal, opening, closing, (), None, _opposite(opening, closing))


def _counter(
    signal: str, opening: Step, closing: Step, counts: NDArray[np.int64], sums: Float
) -> Counter:
    """Levels with enough events of a kind; counts and sums are [2, 16]."""
    enough = counts >= LEAST_EVENTS
    means = np.divide(sums, counts, out=np.zeros(sums.shape), where=enough)
    opened, closed = ([float(m) if e else None for m, e in zip(*row, strict=True)]
                      for row in zip(means, enough, strict=True))
    levels = tuple((level, opened[level], closed[level])
                   for level in np.flatnonzero(enough.any(0)).tolist())
    return Counter(signal, opening, closing, levels, evenness(means[OPENING][enough[OPENING]]),
                   _opposite(opening, closing))


def evenness(steps: Float) -> float | None:
    """Return the smallest over the largest of the steps, in the direction of the largest.

    1 is an ideal counter; 0 a level where nothing moves; below 0 a level that goes the other way.
    None for fewer than two levels, or where nothing moves at all.

    Args:
        steps: float64[levels], mean change at each.
    """
    if len(steps) < 2 or not np.abs(steps).max() > 0:
        return None
    largest = steps[np.abs(steps).argmax()]
    return float((steps / largest).min())


def _opposite(opening: Step, closing: Step) -> bool:
    return _direction(opening.now) * _direction(closing.now) < 0


def _direction(estimate: Estimate) -> int:
    """Return the sign of an estimate whose interval leaves out 0, else 0."""
    if estimate.low is None or estimate.high is None:
        return 0
    return (estimate.low > 0) - (estimate.high < 0)


class DeltaByCharacter(Totals):
    """Changes of units at each character of the vocabulary.

    Args:
        vocabulary: V.
        pairs: P, number of units.
    """

    def __init__(self, vocabulary: int, pairs: int) -> None:
        super().__init__(sums=np.zeros((vocabulary, pairs)), counts=np.zeros(vocabulary, np.int64))

    def add(self, changes: NDArray[np.float32], ids: NDArray[np.int64], /) -> None:
        """Add characters that count.

        Args:
            changes: float32[N, P], change of each unit at each character.
            ids: int64[N], the characters.
        """
        size = len(self._totals["counts"])
        self._totals["counts"] += np.bincount(ids, minlength=size)
        for p, column in enumerate(changes.T):
            self._totals["sums"][:, p] += np.bincount(ids, column, size)

    def results(self) -> tuple[Float, NDArray[np.int64]]:
        """Return the mean change, float64[V, P], NaN where not met, and the counts, int64[V]."""
        sums, counts = self._totals["sums"], self._totals["counts"]
        means = np.full(sums.shape, np.nan)
        np.divide(sums, counts[:, None], out=means, where=counts[:, None] > 0)
        return means, counts
