"""Every unit against every feature, in sums of one product a block.

With a_g and b_g the means of a unit h and a feature f after the pair of characters g, both
centred by their means over everything, and sums over the characters after frequent pairs:

    Σ h′f′ = Σ h f′ − Σ_g a_g Σ_{t in g} f′          h′ = h − a_g,  f′ = f − b_g
    Σ h′²  = Σ h² − 2 Σ_g a_g S_g + Σ_g n_g a_g²      S_g = Σ_{t in g} h,  n_g = |g|

so that no residual of a unit is ever laid out.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from builder.core.scores import Scores
from builder.core.text import Split
from builder.core.units import UnitId
from builder.scoring.bigrams import CHUNK, BigramMeans
from builder.scoring.prepare import Rows

LEAST_SHARE = 1e-6
"""Below this share of a variance, what is left is rounding and no correlation is given."""

Float = NDArray[np.float64]


class CorrelationSums:
    """Sums over characters for r and r', all units and features at once, in float64."""

    def __init__(self, means: BigramMeans) -> None:
        pairs, units = means.units.shape
        features = means.features.shape[1]
        self._means = means
        self._centre = torch.from_numpy(means.unit_mean)
        self._products = torch.zeros(2 * features + 2, units, dtype=torch.float64)
        self._by_pair = torch.zeros(pairs + 1, units, dtype=torch.float64)
        self._residual_by_pair = torch.zeros(pairs + 1, features, dtype=torch.float64)
        self._counts = np.zeros(pairs + 1, np.int64)
        self._squares = np.zeros(units)
        self._rare_squares = np.zeros(units)
        self._gram = np.zeros((3, features + 1, features + 1))
        self._wide = torch.empty(CHUNK, units, dtype=torch.float64)

    def add(self, rows: Rows) -> None:
        """Add characters; `rows` is not changed or kept."""
        for part in _chunks(rows):
            side = self._add_features(part)
            n = len(part.values)
            centred = torch.sub(torch.from_numpy(part.values), self._centre, out=self._wide[:n])
            self._products.addmm_(torch.from_numpy(side).t(), centred)
            self._by_pair.index_add_(0, torch.from_numpy(part.bigrams), centred)
            self._squares += _squares(centred.numpy())
            rare = part.bigrams == len(self._counts) - 1
            if rare.any():
                self._rare_squares += _squares(centred.numpy()[rare])

    def _add_features(self, rows: Rows) -> Float:
        """Add what concerns features alone; return f, 1, f' and the frequent mark, [N, 2K + 2]."""
        frequent = (rows.bigrams < len(self._counts) - 1)[:, None]
        means = np.vstack([self._means.features, self._means.feature_mean])
        f = rows.labels - self._means.feature_mean
        residual = np.where(frequent, rows.labels - means[rows.bigrams], 0.0)
        one = np.ones_like(frequent, float)
        whole = np.hstack([f, one])
        within = np.hstack([residual, frequent])
        self._gram += whole.T @ whole, within.T @ within, (whole * frequent).T @ whole
        self._residual_by_pair.index_add_(
            0, torch.from_numpy(rows.bigrams), torch.from_numpy(residual)
        )
        self._counts += np.bincount(rows.bigrams, minlength=len(self._counts))
        return np.hstack([whole, within])

    def scores(self, units: tuple[UnitId, ...], features: tuple[str, ...], split: Split) -> Scores:
        """Turn the sums into correlations."""
        count, kept = int(self._counts.sum()), int(self._counts[:-1].sum())
        k = len(features)
        products = self._products.numpy()
        a = self._means.units - self._means.unit_mean  # [G, U]
        n_a = self._counts[:-1] @ a  # [U]
        s = self._by_pair.numpy()[:-1]
        within_sum = products[2 * k + 1] - n_a
        within_square = (self._squares - self._rare_squares - 2 * (a * s).sum(0)
                         + self._counts[:-1] @ a**2)
        within_product = products[k + 1 : 2 * k + 1] - self._residual_by_pair.numpy()[:-1].T @ a
        raw, within, frequent = self._gram
        h_kept = _scatter(self._squares - self._rare_squares, products[2 * k + 1], kept)
        h_within = _scatter(within_square, within_sum, kept)
        f_kept = _scatter(np.diag(frequent)[:k], frequent[:k, k], kept)
        f_within = _scatter(np.diag(within)[:k], within[:k, k], kept)
        share_h, share_f = _divide(h_within, h_kept), _divide(f_within, f_kept)
        r = _pearson(products[:k], products[k], raw[:k, k], _scatter(self._squares, products[k],
                     count), _scatter(np.diag(raw)[:k], raw[:k, k], count), count)
        r_within = _pearson(within_product, within_sum, within[:k, k], h_within, f_within, kept)
        tiny = (share_h < LEAST_SHARE) | (share_f < LEAST_SHARE)[:, None]
        r_within[tiny | ~np.isfinite(share_h) | ~np.isfinite(share_f)[:, None]] = np.nan
        return Scores(units, features, split, count, kept / max(count, 1), r.T, r_within.T,
                      share_h, share_f)

    def feature_correlations(self) -> Float:
        """Return the raw correlation of every two features, float64[K, K]."""
        gram, k = self._gram[0], len(self._gram[0]) - 1
        count = max(1.0, float(gram[k, k]))
        scatter = gram[:k, :k] - np.outer(gram[:k, k], gram[:k, k]) / count
        return _divide(scatter, np.sqrt(np.outer(np.diag(scatter), np.diag(scatter))))


def _chunks(rows: Rows) -> Iterator[Rows]:
    for start in range(0, len(rows.values), CHUNK):
        at = slice(start, start + CHUNK)
        yield Rows(rows.values[at], rows.labels[at], rows.groups[at], rows.bigrams[at])


def _squares(values: Float) -> Float:
    squares: Float = np.einsum("nu,nu->u", values, values)
    return squares


def _scatter(squares: Float, sums: Float, count: int) -> Float:
    """Σx² − (Σx)²/n, never negative."""
    return np.maximum(squares - sums**2 / max(count, 1), 0.0)


def _pearson(
    products: Float, h_sum: Float, f_sum: Float, h_scatter: Float, f_scatter: Float, count: int
) -> Float:
    """(Σhf − ΣhΣf/n) / √(scatter of h · scatter of f), float64[K, U]; NaN where one is 0."""
    above = products - np.outer(f_sum, h_sum) / max(count, 1)
    return np.clip(_divide(above, np.sqrt(np.outer(f_scatter, h_scatter))), -1.0, 1.0)


def _divide(above: Float, below: Float) -> Float:
    out = np.full(np.broadcast_shapes(above.shape, below.shape), np.nan)
    np.divide(above, below, out=out, where=below > 0)
    return out
