"""How well a number tells two kinds of rows apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata


def roc_area(score: NDArray[np.floating], on: NDArray[np.bool_]) -> float | None:
    """Return the area under the ROC curve; None where all rows are of one kind.

    (Σ ranks of rows that are on − n₁(n₁ + 1)/2) / (n₁ n₀), ties sharing their rank.

    Args:
        score: [N].
        on: bool[N].
    """
    n1, n0 = int(on.sum()), int((~on).sum())
    if not n1 or not n0:
        return None
    return float((rankdata(score)[on].sum() - n1 * (n1 + 1) / 2) / (n1 * n0))


def average_precision(score: NDArray[np.floating], on: NDArray[np.bool_]) -> float | None:
    """Return the mean, over rows that are on, of the precision down to them; None without any.

    Rows of equal score are counted together.

    Args:
        score: [N].
        on: bool[N].
    """
    if not on.any():
        return None
    order = np.argsort(-score, kind="stable")
    ranked, hits = score[order], np.cumsum(on[order])
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)  # of each score
    precision = hits[last] / (last + 1)
    share = np.diff(hits[last], prepend=0) / hits[-1]
    return float((precision * share).sum())
