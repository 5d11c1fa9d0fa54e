"""What memory adds: the unit beside the mean of what it does after the same last two steps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.cards.traces import DIGITS, Read, rounded
from builder.core.shown import Gaps, SameCharacters, Snippet

BEFORE, AFTER = 60, 12
"""Characters shown before and after the one that is pointed at."""

QUANTILES = (0.95, 0.05)
"""Where the two places are in the order of the unit, times the sign of r."""

LEAST_COUNT = 40
"""Places with the same two characters, at least."""

MOST = 3


def memoryless(
    bigrams: NDArray[np.int32], means: NDArray[np.float64]
) -> Gaps:
    """Return the mean of the unit after the last two steps; None where these are rare.

    Args:
        bigrams: int32[N].
        means: float64[G], by frequent bigram.
    """
    size = len(means)
    return tuple(None if g >= size else round(float(means[g]), DIGITS) for g in bigrams.tolist())


def same_characters(
    reads: Sequence[Read], column: int, feature: int, size: int, sign: float
) -> tuple[SameCharacters, ...]:
    """Return pairs of places that end with the same two steps, one high and one low.

    Taken are the pairs of steps, the last not blank, that make the largest part of the covariance
    of unit and feature within bigrams. A place is the last character of a step.

    Args:
        reads: The sample.
        column: The unit's.
        feature: Its column.
        size: Number of frequent bigrams.
        sign: Of r.
    """
    kept = [_places(r, size) for r in reads]
    where = np.concatenate([np.stack([np.full(len(k), i), k], 1) for i, k in enumerate(kept)])
    if not len(where):
        return ()
    values = np.concatenate([r.values[k, column] for r, k in zip(reads, kept, strict=True)])
    labels = np.concatenate([r.prepared.labels[k, feature] for r, k in
                             zip(reads, kept, strict=True)])
    bigrams = np.concatenate([r.prepared.bigrams[k] for r, k in zip(reads, kept, strict=True)])
    values, labels = sign * values.astype(np.float64), labels.astype(np.float64)
    chosen = _telling(values, labels, bigrams, size)
    found = []
    for g in chosen:
        there = np.flatnonzero(bigrams == g)
        order = there[np.argsort(values[there], kind="stable")]
        read, at = where[order[0]]
        if at < 1 or reads[read].text[at].isspace():
            continue
        high, low = (order[round(q * (len(order) - 1))] for q in QUANTILES)
        found.append(SameCharacters(
            reads[read].last_two(at), len(order),
            _snippet(reads, where[high], column, feature),
            _snippet(reads, where[low], column, feature)))
        if len(found) == MOST:
            break
    return tuple(found)


def _places(read: Read, size: int) -> NDArray[np.int64]:
    """Return the characters that count and end a step, after two that are frequent together."""
    lasts = read.lasts
    return lasts[(read.scored & (read.prepared.bigrams < size))[lasts]]


def _telling(
    values: NDArray[np.float64], labels: NDArray[np.float64], bigrams: NDArray[np.int32],
    size: int,
) -> list[int]:
    """Return the bigrams that add something to the covariance within bigrams, most first."""
    counts = np.bincount(bigrams, minlength=size)
    products, v, f = (np.bincount(bigrams, w, size) for w in (values * labels, values, labels))
    parts = products - v * f / np.maximum(counts, 1)
    parts[counts < LEAST_COUNT] = 0
    return [int(g) for g in np.argsort(-parts, kind="stable") if parts[g] > 0]


def _snippet(
    reads: Sequence[Read], where: NDArray[np.intp], column: int, feature: int
) -> Snippet:
    read, at = where.tolist()
    source = reads[read]
    cut = slice(max(0, at - BEFORE), at + AFTER + 1)
    text = source.text[cut]
    return Snippet(source.document.name, source.line(at), text,
                   rounded(source.values[cut, column]), at - cut.start,
                   float(source.prepared.labels[at, feature]))
