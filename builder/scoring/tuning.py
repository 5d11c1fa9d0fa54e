"""What a unit does at each value of a count, and whether both rise together.

Spearman's rho is the correlation of ranks. Ranks need all values at once; here they come from
counts in small bins, values of one bin being ties, which is near enough and adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.evidence import Tuning
from builder.scoring.gathering import Gathering, bin_numbers
from builder.scoring.intervals import number

VALUES = 64
"""Values of a count that are told apart, 0 to 63; higher ones go with the last."""

BINS = 128
"""Equal bins of the unit between −1 and 1."""

LEAST_COUNT = 50
"""Characters at a value without which it is not shown."""


class TuningSums(Gathering):
    """Characters by value of a count and bin of a unit, and sums of the unit by value.

    Args:
        units: Column of the unit of each pair, P of them.
        features: Column of the count of each pair.
    """

    def __init__(self, units: Sequence[int], features: Sequence[int]) -> None:
        super().__init__(units, features, joint=np.zeros((len(units), VALUES * BINS), np.int64),
                         sums=np.zeros((len(units), VALUES)))

    def _sum(self, values: NDArray[np.float32], labels: NDArray[Any]) -> None:
        counts = [np.clip(column, 0, VALUES - 1).astype(np.intp) for column in labels]
        for unit, column in enumerate(values):
            bins = bin_numbers(column, BINS)
            for pair in self.pairs_of[unit]:
                value = counts[self.feature_of[pair]]
                self._totals["joint"][pair] += np.bincount(
                    value * BINS + bins, minlength=VALUES * BINS)
                self._totals["sums"][pair] += np.bincount(value, column, VALUES)

    def results(self) -> list[Tuning]:
        """Return the curve and the rank correlation of every pair, in the order of the pairs."""
        totals = self.state()
        return [_tuning(joint.reshape(VALUES, BINS), sums)
                for joint, sums in zip(totals["joint"], totals["sums"], strict=True)]


def _tuning(joint: NDArray[np.int64], sums: NDArray[np.float64]) -> Tuning:
    counts = joint.sum(1)
    often = np.flatnonzero(counts >= LEAST_COUNT)
    return Tuning(tuple(often.astype(float).tolist()), tuple((sums / np.maximum(counts, 1))[often]
                  .tolist()), tuple(counts[often].tolist()), number(spearman(joint)))


def spearman(joint: NDArray[np.int64]) -> float:
    """Return the correlation of mean ranks; NaN where a side is constant.

    Args:
        joint: int64[A, B], how often value a of one side goes with value b of the other.
    """
    # ρ = Σ_ab n_ab a b / √(Σ_a n_a a² · Σ_b n_b b²) with a, b mean ranks less their mean
    a, b = _mean_ranks(joint.sum(1)), _mean_ranks(joint.sum(0))
    spread = np.sqrt((joint.sum(1) @ a**2) * (joint.sum(0) @ b**2))
    return float(a @ joint @ b / spread) if spread > 0 else float("nan")


def _mean_ranks(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the mean rank of each value's ties, less the mean of all ranks."""
    # ties of value v share the rank (number below) + n_v / 2
    ranks: NDArray[np.float64] = np.cumsum(counts) - counts / 2 - counts.sum() / 2
    return ranks
