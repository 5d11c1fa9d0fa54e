"""Chosen pairs of unit and feature on held-out text, with intervals over document groups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import embedding_bag

from builder.core.scores import Estimate, HeldOut
from builder.core.text import GROUPS
from builder.scoring.bigrams import BigramMeans
from builder.scoring.intervals import jackknife, number
from builder.scoring.prepare import Rows
from builder.scoring.residuals import CHUNK, Residuals, squares
from builder.scoring.sums import Totals

__all__ = ["PairSums", "jackknife", "number"]

RAW, WITHIN = 0, 1

SHORT = 64
"""Characters whose features are added up in float32."""


class PairSums(Totals):
    """Sums by document group for pairs of a unit and a feature, raw and within bigrams.

    Units are centred, or freed of their bigram means, and multiplied with features in float32, a
    few hundred characters of a group at a time, and summed in float64.

    Args:
        means: Means that were fixed before.
        units: Column of the unit of each pair, P of them.
        features: Column of the feature of each pair.
    """

    def __init__(
        self, means: BigramMeans, units: Sequence[int], features: Sequence[int]
    ) -> None:
        self._unit_of = np.asarray(units, int)
        self._labels, self._feature_of = np.unique(np.asarray(features, int), return_inverse=True)
        self._rare, width = means.units.shape
        self._mean = torch.from_numpy(means.unit_mean.astype(np.float32))
        self._residuals = Residuals(means.unit_table - self._mean.numpy())
        self._feature_table = torch.from_numpy(
            means.feature_table[:, self._labels].astype(np.float32))
        self._taken, self._centred = torch.empty(2, CHUNK, width)
        shape = (2, GROUPS, width)
        super().__init__(
            count=np.zeros((2, GROUPS), np.int64), sums=np.zeros(shape), squares=np.zeros(shape),
            features=np.zeros((2, GROUPS, len(self._labels))),
            feature_squares=np.zeros((2, GROUPS, len(self._labels))),
            products=np.zeros((2, GROUPS, len(self._unit_of))))

    def add(self, rows: Rows, /) -> None:
        """Add characters; `rows` is not changed or kept."""
        rare = rows.bigrams == self._rare
        # by document group, in each group the characters after frequent bigrams first
        order = np.argsort((2 * rows.groups + rare).astype(np.int16), kind="stable")
        groups, rare = rows.groups[order], rare[order]
        places, bigrams = torch.from_numpy(order), torch.from_numpy(rows.bigrams[order])
        labels = torch.from_numpy(rows.labels[order][:, self._labels].astype(np.float32))
        raw = self._add_features(RAW, labels - self._feature_table[-1], groups)
        left = labels - torch.index_select(self._feature_table, 0, bigrams)  # f′ = f − b_g   [N, K]
        within = self._add_features(WITHIN, left[torch.from_numpy(~rare)], groups[~rare])
        values, start = torch.from_numpy(rows.values), 0
        for group, at in _runs(groups, CHUNK):
            h = torch.index_select(values, 0, places[at], out=self._taken[: at.stop - at.start])
            h = torch.sub(h, self._mean, out=self._centred[: len(h)])  # h − m   [n ≤ 512, U]
            self._add_units(RAW, group, h, raw[at])
            kept = len(h) - int(rare[at].sum())  # rare pairs are last
            x = self._residuals.of(h[:kept], bigrams[at][:kept])  # h′ = (h − m) − (a_g − m)
            self._add_units(WITHIN, group, x, within[start : start + kept])
            start += kept

    def _add_features(self, which: int, f: Tensor, groups: NDArray[np.int64]) -> Tensor:
        """Add what concerns features alone, float32[N, K]; return them with a column of ones."""
        totals, k = self._totals, f.shape[1]
        totals["count"][which] += np.bincount(groups, minlength=GROUPS)
        runs = list(_runs(groups, SHORT))
        starts = torch.tensor([at.start for _, at in runs], dtype=torch.int64)
        both = torch.cat([f, f * f], 1)
        sums = embedding_bag(torch.arange(len(f)), both, starts, mode="sum").double().numpy()
        place = np.array([group for group, _ in runs], np.int64)
        np.add.at(totals["features"][which], place, sums[:, :k])
        np.add.at(totals["feature_squares"][which], place, sums[:, k:])
        return torch.cat([f, torch.ones(len(f), 1)], 1)

    def _add_units(self, which: int, group: int, x: Tensor, f: Tensor) -> None:
        """Add at most `CHUNK` characters of one group; f ends with a column of ones."""
        # one product for all: rows 0 to K − 1 are Σ f x, the row of ones is Σ x
        totals, products = self._totals, (f.t() @ x).numpy()  # [K + 1, U]
        totals["products"][which, group] += products[self._feature_of, self._unit_of]
        totals["sums"][which, group] += products[-1]
        totals["squares"][which, group] += squares(x)

    @property
    def count(self) -> int:
        """Characters added."""
        return int(self._totals["count"][RAW].sum())

    @property
    def kept(self) -> float:
        """Share of them after a frequent pair of characters."""
        return float(self._totals["count"][WITHIN].sum() / max(1, self.count))

    def results(self) -> list[HeldOut]:
        """Return both correlations of every pair, in the order of the pairs."""
        return [HeldOut(r, r_within)
                for r, r_within in zip(self._estimates(RAW), self._estimates(WITHIN), strict=True)]

    def _estimates(self, which: int) -> list[Estimate]:
        count = self._totals["count"][which]
        there = count > 0
        h, hh, f, ff, hf = (self._totals[name][which][there] for name in (
            "sums", "squares", "features", "feature_squares", "products"))
        unit_of, feature_of = self._unit_of, self._feature_of
        # Σh, Σh², Σf, Σf², Σhf of each group and pair, [5, D, P]
        sums = np.stack([h[:, unit_of], hh[:, unit_of], f[:, feature_of], ff[:, feature_of], hf])
        return jackknife(count[there].astype(np.float64), sums)


def _runs(groups: NDArray[np.int64], longest: int) -> Iterator[tuple[int, slice]]:
    """Yield stretches of one group, of at most `longest` characters each, with their group."""
    borders = (np.flatnonzero(np.diff(groups)) + 1).tolist()
    for start, stop in zip([0, *borders], [*borders, len(groups)], strict=True):
        for first in range(start, stop, longest):
            yield int(groups[first]), slice(first, min(first + longest, stop))
