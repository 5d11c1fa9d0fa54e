"""How much of what all units tell of a feature does one of them tell?

A linear probe from all units to a feature, both freed of what the last two characters tell, is
fitted on discover text; R² of that fixed probe on held-out text is what the units know together.
Ridge regression keeps its weights small; its penalty is a share of the units' mean variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from builder.scoring.bigrams import BigramMeans
from builder.scoring.intervals import number
from builder.scoring.prepare import Rows
from builder.scoring.residuals import Residuals, chunks
from builder.scoring.sums import Totals

PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1)
"""Shares of the mean variance that are tried; for each feature the best on held-out text counts.

That favours the probe, so if anything, the share of one unit comes out too small.
"""

LEAST_R2 = 0.01
"""Below this the units together know nothing of which one could have a share."""

Float = NDArray[np.float64]


class GramSums(Totals):
    """Sums of products of all units, and of units with features, within frequent bigrams.

    Args:
        means: Means that were fixed before.
    """

    def __init__(self, means: BigramMeans) -> None:
        self._rare, units = means.units.shape
        features = means.features.shape[1]
        self._mean = torch.from_numpy(means.unit_mean.astype(np.float32))
        self._residuals = Residuals(means.unit_table - self._mean.numpy())
        self._features = means.feature_table
        super().__init__(
            count=np.zeros(1, np.int64), units=np.zeros(units), features=np.zeros(features),
            feature_squares=np.zeros(features), products=np.zeros((units, features)),
            gram=np.zeros((units, units)))

    def add(self, rows: Rows, /) -> None:
        """Add characters; `rows` is not changed or kept."""
        kept = np.flatnonzero(rows.bigrams < self._rare)
        values, bigrams = torch.from_numpy(rows.values), torch.from_numpy(rows.bigrams)
        totals = self._totals
        totals["count"] += len(kept)
        for at in chunks(len(kept)):
            some = torch.from_numpy(kept[at])
            x = self._residuals.of(values[some] - self._mean, bigrams[some])  # h′   [n ≤ 512, U]
            f = rows.labels[kept[at]] - self._features[rows.bigrams[kept[at]]]
            totals["features"] += f.sum(0)
            totals["feature_squares"] += np.einsum("nk,nk->k", f, f)
            totals["units"] += x.sum(0).numpy()
            totals["products"] += (x.t() @ torch.from_numpy(f.astype(np.float32))).numpy()
            totals["gram"] += (x.t() @ x).numpy()  # Σ h′ h′ᵀ   [U, U]

    def scatter(self) -> _Scatter:
        """Return everything less its mean."""
        totals, n = self._totals, max(1, int(self._totals["count"][0]))
        h, f = totals["units"], totals["features"]
        return _Scatter(n, h / n, f / n, totals["gram"] - np.outer(h, h) / n,
                        totals["products"] - np.outer(h, f) / n,
                        totals["feature_squares"] - f * f / n)


@dataclass(frozen=True)
class _Scatter:
    """Means h[U] and f[K], and Σ(h−h̄)(h−h̄)ᵀ, Σ(h−h̄)(f−f̄) and Σ(f−f̄)²."""

    count: int
    h: Float
    f: Float
    hh: Float
    hf: Float
    ff: Float


def localisation(
    discover: GramSums, held_out: GramSums, unit_of: Sequence[int], feature_of: Sequence[int]
) -> list[float | None]:
    """Return r'² of each pair on held-out text over R² of the probe there, from 0 to 1.

    None where R² is at most .01 or r' is not defined.

    Args:
        discover: Sums the probe is fitted on.
        held_out: Sums it is judged on, with the same means.
        unit_of: Column of each pair's unit.
        feature_of: Column of each pair's feature.
    """
    u, k = np.asarray(unit_of, int), np.asarray(feature_of, int)
    b = held_out.scatter()
    r2 = probe_r2(discover, held_out)[k]
    spread = np.diag(b.hh)[u] * b.ff[k]
    alone = np.divide(b.hf[u, k] ** 2, spread, out=np.full(len(u), np.nan), where=spread > 0)
    share = np.divide(alone, r2, out=np.full(len(u), np.nan), where=r2 > LEAST_R2)
    return [number(s) for s in np.clip(share, 0.0, 1.0)]


def probe_r2(discover: GramSums, held_out: GramSums) -> Float:
    """Return R² of the probe of each feature on held-out text, float64[K]; NaN where constant.

    R² is 1 − Σ(f − p)² / Σ(f − f̄)² with p what the probe says; it is negative where the probe is
    worse than the mean.
    """
    a, b = discover.scatter(), held_out.scatter()
    best = np.full(len(a.f), np.nan)
    # w = (Σhhᵀ + λI)⁻¹ Σhf for every λ from one decomposition Σhhᵀ = V diag(e) Vᵀ:
    # w = V diag(1 / (e + λ)) Vᵀ Σhf   [U, K]
    values, vectors = np.linalg.eigh(a.hh)
    for penalty in PENALTIES:
        shrunk = np.maximum(values, 0.0) + penalty * max(float(np.trace(a.hh)) / len(a.h), 1e-30)
        weights = vectors @ ((vectors.T @ a.hf) / shrunk[:, None])  # [U, K]
        best = np.fmax(best, _r2(a, b, weights))
    return best


def _r2(a: _Scatter, b: _Scatter, weights: Float) -> Float:
    """Σ(f−p)² = Σ(f−f̄)² − 2 wᵀΣ(h−h̄)(f−f̄) + wᵀΣ(h−h̄)(h−h̄)ᵀw + n (f̄ − p̄)²."""
    offset = b.f - a.f - (b.h - a.h) @ weights
    errors = (b.ff - 2 * (weights * b.hf).sum(0) + (weights * (b.hh @ weights)).sum(0)
              + b.count * offset**2)
    missed = np.full(len(b.ff), np.nan)
    np.divide(errors, b.ff, out=missed, where=b.ff > 0)
    return 1 - missed
