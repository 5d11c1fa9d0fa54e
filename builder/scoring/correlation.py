"""Every unit against every feature, in sums of one product a block.

Of each unit the table A is taken on the way: its mean after the pair of characters g, or its mean
m over everything where the pair is rare. With x = h − A_g, f less its mean, and sums by pair
X_g = Σ x, F_g = Σ f, n_g = |g|, everything else follows from Σ x f and Σ x²:

    raw     Σ (h−m)f  = Σ x f + Σ_g D_g F_g                     D = A − m
            Σ (h−m)²  = Σ x² + 2 Σ_g D_g X_g + Σ_g n_g D_g²
    within  Σ h′f′    = Σ x f + Σ_g d_g F_g − Σ_g b_g H_g       over frequent pairs
            Σ h′²     = Σ x² + 2 Σ_g d_g X_g + Σ_g n_g d_g²     H_g = Σ h′ = X_g + n_g d_g
            Σ f′²     = Σ f² − 2 Σ_g b_g F_g + Σ_g n_g b_g²     b_g: mean of f after g

where d is what float32 lost of the table, A − a. Nothing large cancels in what is made of units,
so x and the products of a chunk may be float32; features are few, and float64 throughout.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from builder.core.scores import Scores
from builder.core.text import Split
from builder.core.units import UnitId
from builder.scoring.bigrams import BigramMeans
from builder.scoring.prepare import Rows
from builder.scoring.residuals import (
    CHUNK,
    Residuals,
    add_by_bigram,
    by_bigram,
    chunks,
    squares,
)
from builder.scoring.sums import Totals

LEAST_SHARE = 1e-6
"""Below this share of a variance, what is left is rounding and no correlation is given."""

ROUNDING = 1e-9
"""A scatter below this share of the squares it was made of is that of a constant.

Values and their squares are float32, so movement of less than 3e-5 of what they are says nothing.
"""

Float = NDArray[np.float64]

KEPT, RARE = 0, 1


class CorrelationSums(Totals):
    """Sums over characters for r and r', all units and features at once.

    Args:
        means: Means that were fixed before.
    """

    def __init__(self, means: BigramMeans) -> None:
        pairs, units = means.units.shape
        features = means.features.shape[1]
        super().__init__(
            products=np.zeros((2, features, units)), squares=np.zeros((2, units)),
            by_pair=np.zeros((pairs + 1, units)), features_by_pair=np.zeros((pairs + 1, features)),
            gram=np.zeros((features, features)), rare_feature_squares=np.zeros(features),
            counts=np.zeros(pairs + 1, np.int64))
        self._means, self._rare = means, pairs
        self._residuals = Residuals(means.unit_table)
        self._taken = torch.empty(CHUNK, units)

    def add(self, rows: Rows, /) -> None:
        """Add characters; `rows` is not changed or kept."""
        order = by_bigram(rows.bigrams)
        bigrams, places = rows.bigrams[order], torch.from_numpy(order)
        pairs, values = torch.from_numpy(bigrams), torch.from_numpy(rows.values)
        labels = self._add_features(rows.labels[order], bigrams)
        # in the order of the pairs, so that what belongs to one pair stands together
        for which, start, stop in _kept_and_rare(bigrams, self._rare):
            for part in chunks(stop - start):
                at = slice(start + part.start, start + part.stop)
                h = torch.index_select(values, 0, places[at], out=self._taken[: at.stop - at.start])
                x = self._residuals.of(h, pairs[at])  # h − A_g   [n ≤ 512, U]
                add_by_bigram(self._totals["by_pair"], x, bigrams[at])  # X_g += Σ x   [G + 1, U]
                self._totals["squares"][which] += squares(x)  # Σ x²   [U]
                # Σ f x   [K, U] = [K, n] @ [n, U], float32 over n ≤ 512, then float64
                torch.from_numpy(self._totals["products"][which]).add_(labels[at].t() @ x)

    def _add_features(self, labels: NDArray[Any], bigrams: NDArray[np.int64]) -> Tensor:
        """Add what concerns features alone; return f less its mean, float32[N, K]."""
        totals, f = self._totals, labels - self._means.feature_mean
        totals["gram"] += f.T @ f  # Σ f fᵀ   [K, K]
        torch.from_numpy(totals["features_by_pair"]).index_add_(
            0, torch.from_numpy(bigrams), torch.from_numpy(f))
        rare = f[bigrams == self._rare]
        totals["rare_feature_squares"] += np.einsum("nk,nk->k", rare, rare)
        totals["counts"] += np.bincount(bigrams, minlength=self._rare + 1)
        return torch.from_numpy(f.astype(np.float32))

    def scores(self, units: tuple[UnitId, ...], features: tuple[str, ...], split: Split) -> Scores:
        """Turn the sums into correlations."""
        means, table, rare = self._means, self._residuals.table, self._rare
        from_mean = table - means.unit_mean  # D = A − m   [G + 1, U]
        same = np.zeros((rare + 1, len(features)))
        raw = self._scatter(rare + 1, from_mean, same)
        kept = self._scatter(rare, from_mean, same)
        # d = A − a is what float32 lost of the means, b what is taken from the features
        within = self._scatter(rare, table[:-1] - means.units, means.features - means.feature_mean)
        share_h, share_f = _divide(within.h, kept.h), _divide(within.f, kept.f)
        r, r_within = _pearson(raw), _pearson(within)
        r_within[~((share_h >= LEAST_SHARE) & (share_f >= LEAST_SHARE)[:, None])] = np.nan
        return Scores(units, features, split, raw.count, kept.count / max(raw.count, 1), r.T,
                      r_within.T, share_h, share_f)

    def _scatter(self, pairs: int, d: Float, b: Float) -> _Scatter:
        """Return the scatter of x + d and f − b over the first `pairs` pairs: rare ones or not.

        Args:
            pairs: G, or G + 1 with the rare ones.
            d: float64[G or G + 1, U].
            b: float64[…, K]; f is already less its mean.
        """
        totals, rare = self._totals, 1.0 if pairs > self._rare else 0.0
        n, x, f = (totals[name][:pairs] for name in ("counts", "by_pair", "features_by_pair"))
        d, b = d[:pairs], b[:pairs]
        squares = totals["squares"][KEPT] + rare * totals["squares"][RARE]
        products = totals["products"][KEPT] + rare * totals["products"][RARE]
        f_squares = np.diag(totals["gram"]) - (1 - rare) * totals["rare_feature_squares"]
        h = x + n[:, None] * d  # H_g = Σ (h − what is taken) = X_g + n_g d_g   [G, U]
        # Σh² = Σx² + 2 Σ_g d_g X_g + Σ_g n_g d_g²      Σf² = Σf² − 2 Σ_g b_g F_g + Σ_g n_g b_g²
        # Σhf = Σxf + Σ_g d_g F_g − Σ_g b_g H_g
        return _scatter(
            int(n.sum()), h.sum(0), f.sum(0) - n @ b,
            squares + 2 * (d * x).sum(0) + n @ d**2,
            f_squares - 2 * (b * f).sum(0) + n @ b**2, products + f.T @ d - b.T @ h,
            self._means.unit_mean)

    def feature_means(self) -> Float:
        """Return the mean of every feature, float64[K]."""
        sums, count = self._totals["features_by_pair"].sum(0), self._totals["counts"].sum()
        mean: Float = self._means.feature_mean + sums / max(1, int(count))
        return mean

    def feature_correlations(self) -> Float:
        """Return the raw correlation of every two features, float64[K, K]."""
        totals = self._totals
        sums, count = totals["features_by_pair"].sum(0), max(1, int(totals["counts"].sum()))
        scatter = totals["gram"] - np.outer(sums, sums) / count  # Σ f fᵀ − Σf Σfᵀ / n   [K, K]
        own = _positive(np.diag(scatter), np.diag(totals["gram"]))
        return _divide(scatter, np.sqrt(np.outer(own, own)))


def _kept_and_rare(
    bigrams: NDArray[np.int64], rare: int
) -> Iterator[tuple[int, int, int]]:
    """Yield where characters after frequent pairs start and stop, then those after rare ones."""
    border = int(np.searchsorted(bigrams, rare))
    yield KEPT, 0, border
    yield RARE, border, len(bigrams)


@dataclass(frozen=True)
class _Scatter:
    """Σx² − (Σx)²/n of units and features, and Σhf − ΣhΣf/n; h[U], f[K], hf[K, U]."""

    count: int
    h: Float
    f: Float
    hf: Float


def _scatter(
    count: int, h: Float, f: Float, hh: Float, ff: Float, hf: Float, mean: Float
) -> _Scatter:
    """Turn sums, squares and products into a scatter; that of a constant is 0.

    The units were taken less about their `mean`, so that is a part of what they really are.
    """
    n = max(count, 1)
    return _Scatter(count, _positive(hh - h**2 / n, hh + n * mean**2),
                    _positive(ff - f**2 / n, ff), hf - np.outer(f, h) / n)


def _positive(scatter: Float, whole: Float) -> Float:
    return np.where(scatter > ROUNDING * whole, scatter, 0.0)


def _pearson(of: _Scatter) -> Float:
    """Return hf / √(scatter of h · scatter of f), float64[K, U]; NaN where one is 0."""
    return np.clip(_divide(of.hf, np.sqrt(np.outer(of.f, of.h))), -1.0, 1.0)


def _divide(above: Float, below: Float) -> Float:
    out = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    np.divide(above, below, out=out, where=below > 0)
    return out
