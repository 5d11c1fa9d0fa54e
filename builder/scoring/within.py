"""Correlations within pairs of characters of rows that are all at hand, by document group."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.scores import Estimate
from builder.scoring.intervals import jackknife

Float = NDArray[np.float64]

ROUNDING = 1e-9
"""Share of a column's mean square that its variance must have, or it is float32's rounding."""

LEAST_SHARE = 1e-6
"""Share of a side's variance that must be left within pairs; below it there is only rounding."""


def centred(values: NDArray[np.float32], pairs: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
    """Free rows of their means after each pair of characters, in place, and return them.

    Args:
        values: float32[N, C], changed.
        pairs: [N], number of each row's pair.
    """
    order = np.argsort(pairs, kind="stable")
    _, starts = np.unique(pairs[order], return_index=True)
    bounds = [*starts.tolist(), len(order)]
    for start, stop in pairwise(bounds):
        rows = order[start:stop]
        some = values[rows]
        values[rows] = some - some.mean(0, dtype=np.float64).astype(np.float32)
    return values


def left_of(values: NDArray[np.float32], before: Float) -> Float:
    """Return the sum of squares of each column, 0 where it is nothing but rounding, float64[C].

    Args:
        values: float32[N, C], freed of their means.
        before: float64[C], what `variance_of` returned before that.
    """
    left = squares(values)
    return np.where(left > LEAST_SHARE * before, left, 0.0)


def variance_of(values: NDArray[np.float32]) -> Float:
    """Return the sum of squares about the mean, float64[C]; infinite where it is rounding.

    A unit that is 1 to the last bits of a float32 does not vary.
    """
    mean, whole = values.sum(0, dtype=np.float64) / max(1, len(values)), squares(values)
    about = whole - len(values) * mean * mean
    return np.where(about > ROUNDING * whole, about, np.inf)


def squares(values: NDArray[np.float32]) -> Float:
    """Return the sum of squares of each column, float64[C]."""
    total: Float = np.zeros(values.shape[1])
    for at in range(0, len(values), 1024):
        part = values[at : at + 1024]
        total += np.einsum("nc,nc->c", part, part, dtype=np.float64)
    return total


def estimates(
    units: NDArray[np.float32], others: NDArray[np.float32], groups: NDArray[np.int64],
    unit_of: Sequence[int], other_of: Sequence[int],
) -> list[Estimate]:
    """Return the correlation of pairs of columns with intervals over document groups.

    Args:
        units: float32[N, U].
        others: float32[N, F].
        groups: int64[N], document group of each row.
        unit_of: Column of each pair's unit, P of them.
        other_of: Column of each pair's other side.
    """
    u, f = np.asarray(unit_of, np.intp), np.asarray(other_of, np.intp)
    order = np.argsort(groups, kind="stable")
    there, starts = np.unique(groups[order], return_index=True)
    bounds = [*starts.tolist(), len(order)]
    counts = np.diff(bounds).astype(np.float64)
    sums = np.zeros((5, len(there), len(u)))
    for d, (start, stop) in enumerate(pairwise(bounds)):
        rows = order[start:stop]
        x, y = units[rows].astype(np.float64), others[rows].astype(np.float64)
        sums[0, d], sums[1, d] = x.sum(0)[u], np.einsum("nu,nu->u", x, x)[u]
        sums[2, d], sums[3, d] = y.sum(0)[f], np.einsum("nf,nf->f", y, y)[f]
        sums[4, d] = (x.T @ y)[u, f]
    return jackknife(counts, sums)
