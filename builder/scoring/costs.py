"""What taking a unit away costs where a feature is on, less what it costs where it is off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.core.evidence import Effect
from builder.core.scores import Estimate
from builder.core.text import GROUPS
from builder.scoring.intervals import difference_estimates
from builder.scoring.sums import Totals

RANDOM_SHARE = 0.95
"""Of the random units, this share stays below what is asked of an effect."""


class CostSums(Totals):
    """Sums by document group of the loss that a change costs, where each feature is on and off.

    Args:
        features: K.
    """

    def __init__(self, features: int) -> None:
        shape = (2, GROUPS, features)
        super().__init__(costs=np.zeros(shape), counts=np.zeros(shape))

    def add(
        self, cost: NDArray[np.float32], on: NDArray[np.float32], off: NDArray[np.float32],
        group: int,
    ) -> None:
        """Add a stretch of text.

        Args:
            cost: float32[N], loss with the change less loss without it, nats.
            on: float32[N, K], 1 where a feature is on, else 0.
            off: float32[N, K], 1 where it is off.
            group: Document group.
        """
        wide = cost.astype(np.float64)
        for side, mask in enumerate((on, off)):
            self._totals["costs"][side, group] += wide @ mask
            self._totals["counts"][side, group] += mask.sum(0, dtype=np.float64)

    def differences(self) -> list[Estimate]:
        """Return the difference for each feature, with intervals over document groups."""
        costs, counts = self._totals["costs"], self._totals["counts"]
        there = counts.sum(0).any(1)
        return difference_estimates(counts[0, there], costs[0, there], counts[1, there],
                                    costs[1, there])


def effect_of(target: CostSums, others: Sequence[CostSums], feature: int) -> Effect:
    """Return the effect of a unit on a feature, beside that of random units.

    Args:
        target: What taking the unit away costs.
        others: The same for random units.
        feature: Column.
    """
    found = [other.differences()[feature].value for other in others]
    sizes = [abs(value) for value in found if value is not None]
    bound = float(np.quantile(sizes, RANDOM_SHARE)) if sizes else None
    return Effect(target.differences()[feature], bound, len(sizes))
