"""Chosen pairs of unit and feature on held-out text, with intervals over document groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from builder.core.scores import Estimate, HeldOut
from builder.core.text import GROUPS
from builder.scoring.bigrams import BigramMeans
from builder.scoring.prepare import Rows

CONFIDENCE = 0.95
CHUNK = 4096

Float = NDArray[np.float64]


class PairSums:
    """Sums by document group for pairs of a unit and a feature, raw and within bigrams.

    Units are centred, or freed of their bigram means, one by one in float32; products are taken
    group by group in float32 and summed in float64.

    Args:
        means: Means that were fixed before.
        units: Column of the unit of each pair, P of them.
        features: Column of the feature of each pair.
    """

    def __init__(
        self, means: BigramMeans, units: Sequence[int], features: Sequence[int]
    ) -> None:
        self._columns, self._unit_of = np.unique(np.asarray(units, int), return_inverse=True)
        self._feature_of = np.asarray(features, int)
        self._all = len(self._columns) == means.units.shape[1]
        self._rare = len(means.units)
        unit_means = np.vstack([means.units, means.unit_mean])[:, self._columns]
        self._unit_means = unit_means.astype(np.float32)
        self._feature_means = np.vstack([means.features, means.feature_mean])
        width = means.features.shape[1]
        self._raw = _GroupSums(len(self._columns), width)
        self._within = _GroupSums(len(self._columns), width)

    def add(self, rows: Rows) -> None:
        """Add characters; `rows` is not changed or kept."""
        order = np.argsort(rows.groups, kind="stable")
        for start in range(0, len(order), CHUNK):
            at = order[start : start + CHUNK]
            h, f = rows.values[at], rows.labels[at]
            h = h if self._all else h[:, self._columns]
            pairs, groups = rows.bigrams[at], rows.groups[at]
            kept = (pairs < self._rare)[:, None]
            everything = np.ones_like(kept)
            f_within = (f - self._feature_means[pairs]) * kept
            self._raw.add(h - self._unit_means[-1], f - self._feature_means[-1], everything, groups)
            h -= self._unit_means.take(pairs, axis=0)
            if not kept.all():
                h *= kept
            self._within.add(h, f_within, kept, groups)

    @property
    def count(self) -> int:
        """Characters added."""
        return int(self._raw.count.sum())

    @property
    def kept(self) -> float:
        """Share of them after a frequent pair of characters."""
        return float(self._within.count.sum() / max(1, self.count))

    def results(self) -> list[HeldOut]:
        """Return both correlations of every pair, in the order of the pairs."""
        raw = self._raw.estimates(self._unit_of, self._feature_of)
        within = self._within.estimates(self._unit_of, self._feature_of)
        return [HeldOut(r, r_within) for r, r_within in zip(raw, within, strict=True)]


class _GroupSums:
    """Counts, sums, squares and products by document group, [D, …]."""

    def __init__(self, units: int, features: int) -> None:
        self.count = np.zeros(GROUPS)
        self._squares = np.zeros((GROUPS, units))
        self._products = np.zeros((GROUPS, features + 1, units))
        self._gram = np.zeros((GROUPS, features + 1, features + 1))

    def add(
        self, h: NDArray[np.float32], f: Float, counted: NDArray[np.bool_],
        groups: NDArray[np.int64],
    ) -> None:
        """Add rows sorted by group; those not counted are all zero."""
        side = np.hstack([f, counted])
        narrow = side.astype(np.float32)
        for group, rows in _runs(groups):
            self.count[group] += counted[rows].sum()
            self._gram[group] += side[rows].T @ side[rows]
            self._products[group] += narrow[rows].T @ h[rows]
            self._squares[group] += np.einsum("nu,nu->u", h[rows], h[rows])

    def estimates(
        self, unit_of: NDArray[np.intp], feature_of: NDArray[np.int64]
    ) -> list[Estimate]:
        there = self.count > 0
        products, gram = self._products[there], self._gram[there]
        sums = np.stack([
            products[:, -1][:, unit_of], self._squares[there][:, unit_of],
            gram[:, -1][:, feature_of], gram[:, feature_of, feature_of],
            products[:, feature_of, unit_of],
        ])  # [5, D, P]
        return jackknife(self.count[there], sums)


def _runs(groups: NDArray[np.int64]) -> Iterator[tuple[int, slice]]:
    borders = np.flatnonzero(np.diff(groups)) + 1
    for start, stop in zip([0, *borders.tolist()], [*borders.tolist(), len(groups)], strict=True):
        if stop > start:
            yield int(groups[start]), slice(start, stop)


def jackknife(counts: Float, sums: Float) -> list[Estimate]:
    """Return the correlation of each pair with its interval by leaving out one group at a time.

    The interval is made on Fisher's z = artanh r with Student's t of D − 1 degrees of freedom.

    Args:
        counts: float64[D], characters of each group.
        sums: float64[5, D, P]: Σh, Σh², Σf, Σf² and Σhf of each group and pair.

    Source:
        Efron and Tibshirani 1993, chapter 11; Fisher 1921.
    """
    groups = len(counts)
    if not groups:
        return [Estimate(None)] * sums.shape[2]
    whole = _correlation(counts.sum(), sums.sum(1))  # [P]
    if groups < 2:
        return [Estimate(number(r)) for r in whole]
    left = _correlation((counts.sum() - counts)[:, None], sums.sum(1)[:, None] - sums)  # [D, P]
    z = np.arctanh(np.clip(left, -1 + 1e-12, 1 - 1e-12))
    error = np.sqrt((groups - 1) / groups * ((z - z.mean(0)) ** 2).sum(0))
    reach = float(stdtrit(groups - 1, 0.5 + CONFIDENCE / 2)) * error
    centre = np.arctanh(np.clip(whole, -1 + 1e-12, 1 - 1e-12))
    low, high = np.tanh(centre - reach), np.tanh(centre + reach)
    return [Estimate(number(r), number(a), number(b))
            for r, a, b in zip(whole, low, high, strict=True)]


def _correlation(count: Float | float, sums: Float) -> Float:
    h, hh, f, ff, hf = sums
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = (hh - h * h / count) * (ff - f * f / count)
        r = (hf - h * f / count) / np.sqrt(spread)
    return np.where(spread > 0, np.clip(r, -1.0, 1.0), np.nan)


def number(value: float) -> float | None:
    """Return a finite number as it is and any other as None, which is "not measured"."""
    return float(value) if np.isfinite(value) else None
