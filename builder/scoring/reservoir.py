"""Linear mixes of many columns: what they tell of others, fitted on one text, used on another.

An untrained network is a reservoir: its units keep the last few characters, mixed at random, and a
linear mix of them tells much of what recency tells. So units and formulas are predicted from the
units of untrained networks, within pairs of characters; r″ is the correlation of what is left.

Source:
    Hoerl and Kennard 1970 for ridge regression; Jaeger 2001, The "echo state" approach to
    analysing and training recurrent neural networks.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

PENALTY = 1e-3
"""Ridge penalty, as a share of the mean variance of the columns that are mixed."""

ROWS = 4096
"""Rows of which products are made in float32."""

Half = NDArray[np.floating[Any]]


def mixing(x: Half, *sides: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """Return the weights with which columns of x best tell those of each side, float32[R, C].

    w = (Σxxᵀ + λI)⁻¹ Σxy.

    Args:
        x: float16 or float32[N, R], freed of their means; of no columns none is told anything.
        *sides: float32[N, C] each, freed of their means.
    """
    gram = np.zeros((x.shape[1],) * 2)
    products = [np.zeros((x.shape[1], y.shape[1])) for y in sides]
    for at in range(0, len(x), ROWS):
        some = x[at : at + ROWS].astype(np.float32)
        gram += some.T @ some
        for total, y in zip(products, sides, strict=True):
            total += some.T @ y[at : at + ROWS]
    mean = float(np.trace(gram)) / max(1, len(gram))
    gram[np.diag_indices_from(gram)] += PENALTY * max(mean, 1e-30)
    weights = np.linalg.solve(gram, np.concatenate(products, 1)).astype(np.float32)
    return np.split(weights, np.cumsum([y.shape[1] for y in sides])[:-1], axis=1)


def mixed(x: Half, weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what a mix of columns tells, float32[N, C]."""
    out = np.empty((len(x), weights.shape[1]), np.float32)
    for at in range(0, len(x), ROWS):
        out[at : at + ROWS] = x[at : at + ROWS].astype(np.float32) @ weights
    return out
