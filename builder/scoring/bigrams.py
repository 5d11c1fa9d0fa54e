"""The last two characters, or other steps: which pairs are frequent, and what units do after each.

A unit that only reads the last two characters correlates with everything that these tell of a
feature. What is left of unit and feature when the means of each pair are taken away cannot
come from them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from builder.core.feed import indices
from builder.scoring.prepare import Rows
from builder.scoring.residuals import add_by_bigram, by_bigram
from builder.scoring.sums import Totals

MOST_PLACES = 2_000
"""Steps up to which every pair of them has a number, frequent or not: 16 MB."""

LEAST_COUNT = 20
LEAST_DOCUMENTS = 3


@dataclass(frozen=True)
class BigramTable:
    """Numbers for the frequent pairs of steps.

    Attributes:
        places: int32[V], place of each step among the P that are in any frequent pair, from 1; 0
            for all others.
        numbers: int32[P + 1, P + 1], 0 to size − 1 for a frequent pair (previous, last), else size.
        size: How many pairs are frequent.
        pairs: int64[size], where P is large and `numbers` has no room: previous · (P + 1) + last
            of each frequent pair, rising.
    """

    places: NDArray[np.int32]
    numbers: NDArray[np.int32]
    size: int
    pairs: NDArray[np.int64] | None = None

    def of(self, given: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the pair number of every step, int32[N]; the first has none.

        Args:
            given: int64[N], indices, or what is fed: where the network begins anew, the step
                before is out of its reach, and there is no pair.
        """
        ids = indices(given)
        out, places = np.full(len(ids), self.size, np.int32), self.places[ids]
        out[1:] = self._numbered(places[:-1], places[1:])  # g_t = number of (x_{t−1}, x_t)
        out[given < 0] = self.size
        return out

    def _numbered(self, before: NDArray[np.int32], last: NDArray[np.int32]) -> NDArray[np.int32]:
        if self.pairs is None:
            return self.numbers[before, last]
        wanted = before.astype(np.int64) * (int(self.places.max()) + 1) + last
        at = np.minimum(np.searchsorted(self.pairs, wanted), self.size - 1)
        return np.where(self.pairs[at] == wanted, at, self.size).astype(np.int32)


def count_bigrams(texts: Iterable[NDArray[np.int64]], vocabulary_size: int) -> BigramTable:
    """Number the pairs seen at least 20 times and in at least 3 texts.

    Args:
        texts: Encoded stretches of the text that means are taken from, or what is fed of them.
        vocabulary_size: V, with the unknown character.
    """
    # a pair (a, b) of indices below V is the single number a·V + b
    v, nothing = vocabulary_size, np.zeros(0, np.int64)
    each = [np.unique(_pairs(given, v), return_counts=True) for given in texts]
    pairs, place = np.unique(np.concatenate([nothing, *(p for p, _ in each)]), return_inverse=True)
    counts = np.bincount(place, np.concatenate([nothing, *(number for _, number in each)]))
    frequent = (counts >= LEAST_COUNT) & (np.bincount(place) >= LEAST_DOCUMENTS)
    return _table(pairs[frequent], v)


def _pairs(given: NDArray[np.int64], v: int) -> NDArray[np.int64]:
    ids = indices(given)
    pairs: NDArray[np.int64] = (ids[:-1] * v + ids[1:])[given[1:] >= 0]
    return pairs


def _table(frequent: NDArray[np.int64], v: int) -> BigramTable:
    """Number pairs in their order; each is a single number."""
    before, last = np.divmod(frequent, v)
    places, size = np.zeros(v, np.int32), len(frequent)
    there = np.union1d(before, last)
    places[there] = np.arange(1, len(there) + 1)
    if len(there) > MOST_PLACES:
        nothing = np.zeros((0, 0), np.int32)
        # places rise with the steps, so pairs of places rise as pairs of steps do
        pairs = places[before].astype(np.int64) * (len(there) + 1) + places[last]
        return BigramTable(places, nothing, size, pairs)
    numbers = np.full((len(there) + 1,) * 2, size, np.int32)
    numbers[places[before], places[last]] = np.arange(size)
    return BigramTable(places, numbers, size)


@dataclass(frozen=True)
class BigramMeans:
    """Means after each frequent pair, and over everything; fixed before anything is scored.

    Attributes:
        units: float64[G, U], the mean of every unit, 0 for a pair that was not met.
        features: float64[G, K].
        unit_mean: float64[U], over all characters.
        feature_mean: float64[K].
        count: Characters they were taken from.
    """

    units: NDArray[np.float64]
    features: NDArray[np.float64]
    unit_mean: NDArray[np.float64]
    feature_mean: NDArray[np.float64]
    count: int

    @property
    def unit_table(self) -> NDArray[np.float64]:
        """What is taken from units, float64[G + 1, U]: the mean of all where a pair is rare."""
        return np.vstack([self.units, self.unit_mean])

    @property
    def feature_table(self) -> NDArray[np.float64]:
        """The same for features, float64[G + 1, K]."""
        return np.vstack([self.features, self.feature_mean])


class MeanSums(Totals):
    """Sums by pair of characters, from which `BigramMeans` are made.

    Args:
        pairs: Number of frequent pairs.
        units: U.
        features: K.
    """

    def __init__(self, pairs: int, units: int, features: int) -> None:
        super().__init__(units=np.zeros((pairs + 1, units)),
                         features=np.zeros((pairs + 1, features)),
                         counts=np.zeros(pairs + 1, np.int64))

    def add(self, rows: Rows, /) -> None:
        """Add characters; `rows` is not changed or kept."""
        # S_gu = Σ_{t: g_t = g} h_tu   [G + 1, U],  the same of f,  n_g = |{t: g_t = g}|
        order, totals = by_bigram(rows.bigrams), self._totals
        add_by_bigram(totals["units"], torch.from_numpy(rows.values), rows.bigrams[order],
                      torch.from_numpy(order))
        labels = torch.from_numpy(rows.labels.astype(np.float64))
        torch.from_numpy(totals["features"]).index_add_(
            0, torch.from_numpy(rows.bigrams), labels)
        totals["counts"] += np.bincount(rows.bigrams, minlength=len(totals["counts"]))

    def means(self) -> BigramMeans:
        """Divide."""
        units, features, counts = (self._totals[n] for n in ("units", "features", "counts"))
        total = max(1, int(counts.sum()))
        # a_gu = S_gu / n_g, b_gk the same of f; over everything m_u = Σ_g S_gu / Σ_g n_g
        each = np.maximum(counts[:-1, None], 1)
        return BigramMeans(units[:-1] / each, features[:-1] / each, units.sum(0) / total,
                           features.sum(0) / total, int(counts.sum()))
