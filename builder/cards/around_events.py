"""The unit around the moments when its feature changes, and how often it has which value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from builder.cards.traces import Read, rounded
from builder.core.labels import Tag
from builder.core.shown import Around, Histogram

BEFORE, AFTER = 10, 30
"""Characters before and after the event."""

LEAST_EVENTS = 30
MOST_OFTEN = 0.2
"""Share of characters above which what happens is no event."""

BINS = 40


def around(
    reads: Sequence[Read], column: int, others: Sequence[Read], other: int, feature: int,
    tag: Tag,
) -> dict[str, Around]:
    """Return the mean of a unit around rises and falls of its feature: `rise` and `fall`.

    For an event, a rise is the event itself, and there is no fall.

    Args:
        reads: The sample.
        column: The unit's.
        others: The same sample, read with a network that learned nothing; none where there is no
            such network.
        other: Column of its unit.
        feature: Column of the feature.
        tag: What sort of feature it is.
    """
    kinds = ("rise",) if tag is Tag.EVENT else ("rise", "fall")
    total = sum(int(r.scored.sum()) for r in reads)
    found = {}
    for kind in kinds:
        events = [_events(r, feature, kind, tag) for r in reads]
        count = sum(map(len, events))
        if LEAST_EVENTS <= count <= MOST_OFTEN * total:
            found[kind] = Around(count, _mean(reads, events, column),
                                 _mean(others, events, other) if others else ())
    return found


def _events(read: Read, feature: int, kind: str, tag: Tag) -> NDArray[np.intp]:
    """Return where the feature changes, far enough from the ends of what is scored."""
    labels = read.prepared.labels[:, feature].astype(np.float64)
    if tag is Tag.EVENT:
        happens = labels != 0
    else:
        change = np.diff(labels, prepend=labels[:1])
        happens = change > 0 if kind == "rise" else change < 0
    first = int(np.argmax(read.scored)) if read.scored.any() else len(labels)
    at = np.flatnonzero(happens & read.scored)
    return at[(at - BEFORE >= first) & (at + AFTER < len(labels))]


def _mean(
    reads: Sequence[Read], events: Sequence[NDArray[np.intp]], column: int
) -> tuple[float, ...]:
    total, count = np.zeros(BEFORE + 1 + AFTER), 0
    for read, at in zip(reads, events, strict=True):
        windows = at[:, None] + np.arange(-BEFORE, AFTER + 1)
        total += read.values[:, column][windows].sum(0, np.float64)
        count += len(at)
    return rounded(total / max(count, 1))


def histogram(reads: Sequence[Read], column: int, feature: int) -> Histogram:
    """Count the values of a unit in equal bins from −1 to 1, by whether its feature is on."""
    off, on = np.zeros(BINS, np.int64), np.zeros(BINS, np.int64)
    for values, labels in _scored(reads, column, feature):
        for total, part in ((off, values[labels == 0]), (on, values[labels != 0])):
            total += np.histogram(np.clip(part, -1, 1), BINS, (-1, 1))[0]
    return Histogram(tuple(off.tolist()), tuple(on.tolist()))


def _scored(
    reads: Sequence[Read], column: int, feature: int
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.floating]]]:
    for read in reads:
        kept = read.scored
        yield read.values[kept, column], read.prepared.labels[kept, feature]
