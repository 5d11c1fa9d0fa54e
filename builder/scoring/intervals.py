"""Numbers over document groups with their intervals: leave out one group at a time.

States and texts are slow, so characters are far from independent; documents of different groups
are. An interval is the number of all groups, give or take Student's t of D − 1 degrees of freedom
times the jackknife's standard error.

Source:
    Efron and Tibshirani 1993, chapter 11; Fisher 1921 for z.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from builder.core.scores import Estimate

CONFIDENCE = 0.95
PERFECT = 1 - 1e-6
"""No r counts as more: further up float32 decides, and artanh makes much of its last bits."""

Float = NDArray[np.float64]


def number(value: float) -> float | None:
    """Return a finite number as it is and any other as None, which is "not measured"."""
    return float(value) if np.isfinite(value) else None


def jackknife(counts: Float, sums: Float) -> list[Estimate]:
    """Return the correlation of each pair with its interval, made on Fisher's z = artanh r.

    Args:
        counts: float64[D], characters of each group, none of them 0.
        sums: float64[5, D, P]: Σh, Σh², Σf, Σf² and Σhf of each group and pair.
    """
    groups = len(counts)
    if not groups:
        return [Estimate(None)] * sums.shape[2]
    whole = _correlation(counts.sum(), sums.sum(1))  # [P]
    if groups < 2:
        return [Estimate(number(r)) for r in whole]
    # sums add up, so r without group d is made of the whole less what is of d
    left = _correlation((counts.sum() - counts)[:, None], sums.sum(1)[:, None] - sums)  # [D, P]
    there = np.ones(left.shape, bool)
    centre, reach = _z(whole), _reach(_z(left), there)  # z = artanh r, where errors are even
    return _estimates(whole, np.minimum(np.tanh(centre - reach), whole),
                      np.maximum(np.tanh(centre + reach), whole))


def mean_estimates(counts: NDArray[Any], sums: Float) -> list[Estimate]:
    """Return the mean over all groups with its interval.

    Groups without a character count nothing, neither in the mean nor in D.

    Args:
        counts: [D, P], characters of each group and number.
        sums: float64[D, P].
    """
    return _with_intervals(_mean(counts.sum(0), sums.sum(0)), _left(counts, sums), counts > 0)


def difference_estimates(
    counts: NDArray[Any], sums: Float, other_counts: NDArray[Any], other_sums: Float
) -> list[Estimate]:
    """Return the difference of two means over all groups, the first less the other.

    A group counts where it has a character of the first kind or of the other.

    Args:
        counts: [D, P], characters of each group of the first kind.
        sums: float64[D, P].
        other_counts: [D, P], of the other kind.
        other_sums: float64[D, P].
    """
    whole = _mean(counts.sum(0), sums.sum(0)) - _mean(other_counts.sum(0), other_sums.sum(0))
    left = _left(counts, sums) - _left(other_counts, other_sums)
    return _with_intervals(whole, left, (counts > 0) | (other_counts > 0))


def _left(counts: NDArray[Any], sums: Float) -> Float:
    """Return the mean without each group, float64[D, P]."""
    return _mean(counts.sum(0) - counts, sums.sum(0) - sums)


def _mean(counts: NDArray[Any], sums: Float) -> Float:
    out = np.full(sums.shape, np.nan)
    np.divide(sums, counts, out=out, where=counts > 0)
    return out


def _with_intervals(whole: Float, left: Float, there: NDArray[np.bool_]) -> list[Estimate]:
    reach = _reach(left, there)
    return _estimates(whole, whole - reach, whole + reach)


def _reach(left: Float, there: NDArray[np.bool_]) -> Float:
    """Return half the width of each interval, float64[P]; NaN for fewer than two groups.

    Args:
        left: float64[D, P], the number without each group.
        there: bool[D, P], groups that count.
    """
    groups = there.sum(0)
    some = np.maximum(groups, 2)
    mean = np.where(there, left, 0.0).sum(0) / some
    squares = np.where(there, (left - mean) ** 2, 0.0).sum(0)
    # se² = (D − 1)/D · Σ_d (θ_d − θ̄)², θ_d without group d; the reach is t_{D−1}(.975) · se
    error = np.where(groups > 1, np.sqrt((some - 1) / some * squares), np.nan)
    reach: Float = stdtrit(some - 1, 0.5 + CONFIDENCE / 2) * error
    return reach


def _estimates(whole: Float, low: Float, high: Float) -> list[Estimate]:
    return [Estimate(number(x), number(a), number(b))
            for x, a, b in zip(whole, low, high, strict=True)]


def _z(r: Float) -> Float:
    z: Float = np.arctanh(np.clip(r, -PERFECT, PERFECT))
    return z


def _correlation(count: Float | float, sums: Float) -> Float:
    h, hh, f, ff, hf = sums
    with np.errstate(invalid="ignore", divide="ignore"):
        # r = (Σhf − Σh Σf/n) / √((Σh² − (Σh)²/n) (Σf² − (Σf)²/n))
        spread = (hh - h * h / count) * (ff - f * f / count)
        r = (hf - h * f / count) / np.sqrt(spread)
    return np.where(spread > 0, np.clip(r, -1.0, 1.0), np.nan)
