"""What a unit's change does at events: does it go up where a feature rises, down where it falls?"""

from __future__ import annotations

from collections.abc import Sequence
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
AT, ELSEWHERE = 0, 1
NOW, AFTER = 0, 1


Places = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Where events are: character t and pair p of each, in the order of the text."""


def _places(events: Marks, scored: Marks) -> Places:
    """Return the events, bool[N, P], that are scored, bool[N]."""
    t, p = np.divmod(np.flatnonzero(events[scored]), events.shape[1])
    return np.flatnonzero(scored)[t], p


def _following(events: Places, scored: Marks) -> Places:
    """Return the characters after events, where they are scored too."""
    t, p = events
    follows = np.append(scored[1:], False)[t]
    return t[follows] + 1, p[follows]


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

    def _add(self, kind: int, changes: NDArray[np.float32], events: Places, scored: Marks,
             group: int) -> None:
        """Add the changes at scored events, and after them where that is scored too."""
        for when, (t, p) in ((NOW, events), (AFTER, _following(events, scored))):
            size = changes.shape[1]
            self._totals["counts"][kind, when, group] += np.bincount(p, minlength=size)
            self._totals["sums"][kind, when, group] += np.bincount(p, changes[t, p], size)

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
            places = _places(events, scored)
            self._add(kind, changes, places, scored, group)
            self._add_levels(kind, changes, before, places)

    def _add_levels(
        self, kind: int, changes: NDArray[np.float32], before: NDArray[Any], events: Places
    ) -> None:
        (t, p), pairs = events, changes.shape[1]
        level = before[t, p]
        there = (level >= 0) & (level < LEVELS)
        t, p, level = t[there], p[there], level[there]
        place = level.astype(np.int64) * pairs + p  # (level, pair) as one number
        for name, weights in (("level_counts", None), ("level_sums", changes[t, p])):
            added = np.bincount(place, weights, LEVELS * pairs)
            self._totals[name][kind] += added.reshape(LEVELS, pairs)

    def results(self, signals: Sequence[str]) -> list[Counter]:
        """Return the counter test of every pair.

        Args:
            signals: Whose changes were added of each, `dc` or `dh`.
        """
        steps = zip(self._steps(OPENING), self._steps(CLOSING), signals, strict=True)
        counts, sums = self._totals["level_counts"], self._totals["level_sums"]
        return [_counter(signal, opening, closing, counts[..., p], sums[..., p])
                for p, (opening, closing, signal) in enumerate(steps)]


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
        events = _places(marks != 0, scored)
        self._add(AT, changes, events, scored, group)
        # elsewhere is everything without that
        after = np.append(False, scored[:-1] & scored[1:])
        for when, (t, p), rows in ((NOW, events, scored),
                                   (AFTER, _following(events, scored), after)):
            size, every = changes.shape[1], changes[rows].sum(0, dtype=np.float64)
            self._totals["counts"][ELSEWHERE, when, group] += rows.sum() - np.bincount(
                p, minlength=size)
            self._totals["sums"][ELSEWHERE, when, group] += every - np.bincount(
                p, changes[t, p], size)

    def steps(self) -> list[Step]:
        """Return the step of each pair at its event."""
        return self._steps(AT)

    def elsewhere(self) -> list[Estimate]:
        """Return the mean change of each pair's unit where its event is not."""
        return [step.now for step in self._steps(ELSEWHERE)]


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
