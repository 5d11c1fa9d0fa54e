"""What it costs to take a unit away, where a feature is on and where it is off.

Taking any unit away costs something somewhere. So it is the difference that counts, and it has to
be beyond what random units show.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.core.evidence import Effect
from builder.core.scores import Estimate
from builder.core.text import GROUPS
from builder.scoring.intervals import difference_estimates
from builder.scoring.sums import Totals

RANDOM_PERCENTILE = 95


class CostSums(Totals):
    """Sums by document group of a unit's cost where each feature is on and where it is off.

    Args:
        features: K.
    """

    def __init__(self, features: int) -> None:
        shape = (2, GROUPS, features)
        super().__init__(counts=np.zeros(shape), costs=np.zeros(shape))

    def add(
        self, costs: NDArray[np.float32], on: NDArray[np.floating], off: NDArray[np.floating],
        group: int,
    ) -> None:
        """Add the characters of one text.

        Args:
            costs: [N], loss without the unit less loss with it, nats; finite.
            on: [N, K], 1 where a feature is on and the character counts, else 0.
            off: [N, K], the same where it is off.
            group: Document group, 0 to 63.
        """
        # Σ_t cost_t on_tk = [N] @ [N, K], by group; the effect is the mean on less the mean off
        wide = costs.astype(np.float64)
        for which, mask in enumerate((on, off)):
            self._totals["counts"][which, group] += mask.sum(0, dtype=np.float64)
            self._totals["costs"][which, group] += wide @ mask

    def differences(self) -> list[Estimate]:
        """Return the mean cost where each feature is on less that where it is off, K of them.

        None where a feature is never on or never off.
        """
        (on, off), (costs_on, costs_off) = self._totals["counts"], self._totals["costs"]
        return difference_estimates(on, costs_on, off, costs_off)


def effect_of(target: CostSums, others: Sequence[CostSums], feature: int) -> Effect:
    """Compare what a unit costs with what random units cost.

    Args:
        target: Of the unit.
        others: Of random units of the same layer.
        feature: Column of the feature.
    """
    sizes = [abs(e.value) for other in others
             if (e := other.differences()[feature]).value is not None]
    random = float(np.percentile(sizes, RANDOM_PERCENTILE)) if sizes else None
    return Effect(target.differences()[feature], random, len(sizes))
