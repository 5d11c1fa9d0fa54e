"""Could a claim be chance? Labels of other documents are laid on each document and tried.

Slow states and slow labels correlate by accident, and a thousand claims give the accident a
thousand chances. So the labels of document π(i) are laid on document i from the same position
on, for many π without fixed points; each time the largest |r'| of *all* claims counts, each
scaled by its own spread. A claim's p is the share of times that this beats it.

Source:
    Westfall and Young 1993, step-down max-T without the steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PERMUTATIONS = 999
LEAST_DOCUMENTS = 15
"""With fewer, the permutations are so few and so alike that p comes out too small."""

Float = NDArray[np.float64]


@dataclass(frozen=True)
class Residuals:
    """One document of the sample, freed of bigram means; all zero where the bigram is rare.

    Attributes:
        units: float16[N, U].
        features: float32[N, K].
        kept: bool[N], characters after a frequent bigram.
    """

    units: NDArray[np.float16]
    features: NDArray[np.float32]
    kept: NDArray[np.bool_]


def p_values(
    documents: Sequence[Residuals], unit_of: NDArray[np.intp], feature_of: NDArray[np.intp],
    seed: int = 0,
) -> Float:
    """Return p of every pair over the whole family, float64[P]; NaN for too few documents.

    Args:
        documents: The sample.
        unit_of: Column of each pair's unit.
        feature_of: Column of each pair's feature.
        seed: Decides the permutations.
    """
    count = len(documents)
    if count < LEAST_DOCUMENTS:
        return np.full(len(unit_of), np.nan)
    sums = _pairwise(documents, unit_of, feature_of)  # [D, D, 6, P]
    own = np.arange(count)
    observed = np.abs(_correlation(sums[own, own].sum(0)))
    null = np.abs([_correlation(sums[own, order].sum(0)) for order in _orders(count, seed)])
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt((null**2).mean(0))
        largest = np.nanmax(np.where(spread > 0, null / spread, np.nan), axis=1)
        beaten = (largest[:, None] >= observed / spread).sum(0)
    return np.where(np.isfinite(observed), (1 + beaten) / (1 + PERMUTATIONS), np.nan)


def _orders(count: int, seed: int) -> list[NDArray[np.intp]]:
    """Return permutations in which nothing stays in its place."""
    random, orders = np.random.Generator(np.random.PCG64(seed)), list[NDArray[np.intp]]()
    while len(orders) < PERMUTATIONS:
        order = random.permutation(count)
        if not (order == np.arange(count)).any():
            orders.append(order)
    return orders


def _pairwise(
    documents: Sequence[Residuals], unit_of: NDArray[np.intp], feature_of: NDArray[np.intp]
) -> Float:
    """Return n, Σh, Σh², Σf, Σf² and Σhf with labels of j on units of i, float64[D, D, 6, P]."""
    out = np.zeros((len(documents), len(documents), 6, len(unit_of)))
    for i, units in enumerate(documents):
        h = units.units.astype(np.float32)
        squares = h * h
        for j, labels in enumerate(documents):
            n = min(len(h), len(labels.kept))
            on_h, on_f = units.kept[:n].astype(np.float32), labels.kept[:n].astype(np.float32)
            f = labels.features[:n]
            products = np.vstack([f.T, on_f]) @ h[:n]  # [K + 1, U]
            out[i, j] = (
                np.full(len(unit_of), on_h @ on_f), products[-1, unit_of],
                (on_f @ squares[:n])[unit_of], (on_h @ f)[feature_of],
                (on_h @ (f * f))[feature_of], products[feature_of, unit_of],
            )
    return out


def _correlation(sums: Float) -> Float:
    n, h, hh, f, ff, hf = sums
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = (hh - h * h / n) * (ff - f * f / n)
        r: Float = np.where(spread > 0, (hf - h * f / n) / np.sqrt(spread), np.nan)
    return r
