"""Does a unit track one feature, or many as well?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from builder.core.scores import Scores
from builder.core.units import UnitId
from builder.scoring.intervals import number


def selectivity_margin(
    scores: Scores, unit: UnitId, feature: str, synonyms: NDArray[np.bool_]
) -> float | None:
    """Return by how much |r'| of a pair leads the same unit's next feature.

    Near-synonyms of the feature do not count. Where no other feature has an r', the lead is
    |r'| itself; negative where another feature is ahead. None where the pair has no r'.

    Args:
        scores: What discover text said.
        unit: Of the pair.
        feature: Of the pair.
        synonyms: bool[K, K], features that are nearly the same.
    """
    k = scores.features.index(feature)
    size = np.abs(scores.r_within[scores.units.index(unit)])
    others = np.nan_to_num(np.where(synonyms[k] | (np.arange(len(size)) == k), 0.0, size))
    return number(size[k] - others.max())
