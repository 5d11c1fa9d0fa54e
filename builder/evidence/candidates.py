"""Which pairs of unit and feature are worth judging; found on the discover split alone."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from builder.core.scores import Pair, Scores

MEMORY_SHARE = 0.05
"""Below this share of a feature's variance, the last two characters tell nearly all of it."""

PER_FEATURE = 3


def strength(scores: Scores) -> NDArray[np.float64]:
    """Return by what pairs are ranked, float64[U, K]: |r'|, or |r| where memory is not needed.

    What was not measured counts as 0.
    """
    raw, within = np.abs(np.nan_to_num(scores.r)), np.abs(np.nan_to_num(scores.r_within))
    return np.where(reads_characters(scores), raw, within)


def reads_characters(scores: Scores) -> NDArray[np.bool_]:
    """Return which features the last two characters tell nearly all of, bool[K]."""
    return ~(np.nan_to_num(scores.share_f) >= MEMORY_SHARE)


def candidates(scores: Scores, without: Collection[str] = ()) -> list[Pair]:
    """Return each feature's strongest units and each unit's best feature that needs memory.

    Ties go to the unit that comes first; the order is that of units, then of features.

    Args:
        scores: What discover text said.
        without: Features that are passed over.
    """
    ranked = strength(scores)
    ranked[:, [f in without for f in scores.features]] = 0.0
    chosen = {
        (int(u), k) for k in range(len(scores.features))
        for u in np.argsort(-ranked[:, k], kind="stable")[:PER_FEATURE]
    }
    memory = np.where(reads_characters(scores), 0.0, ranked)
    chosen |= {(u, int(k)) for u, k in enumerate(memory.argmax(1))} if memory.size else set()
    return [Pair(scores.units[u], scores.features[k])
            for u, k in sorted(chosen) if ranked[u, k] > 0]
