"""What drives a unit, by weights times activity: exact to the first order, in plain numpy.

A unit j adds up for each of its gates and candidates b what it reads, Σ_i W_b[j, i] x_i. Where x_i
is not at its mean m_i but a_i(t) = x_i(t) − m_i above it, its change from step to step is another,
to the first order, by

    e_ji(t) = Σ_b d_bj(t) W_b[j, i] a_i(t),     d_bj(t) = ∂Δ_j(t) / ∂(what block b adds up)

which is weight times activity times how far the unit follows at that step: through a gate that is
shut nothing moves it. The drive is the square root of the mean of e_ji² over steps. What is
constant moves nothing, however large.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

RANDOM = 0.95
"""Share of all pairs of units than which a pair that is told of is stronger."""

LEAST = 0.02
"""Of the standard deviation of a unit's change: what is less is not told of in any case."""


@dataclass(frozen=True)
class Drives:
    """What I sources are to H units.

    Attributes:
        size: float64[H, I], the drive.
        block: int64[H, I], the block through which most of it goes.
    """

    size: Array
    block: NDArray[np.int64]


def drives(weights: Array, slopes: Array, activity: Array) -> Drives:
    """Return how much each source drives each unit.

    Args:
        weights: float64[G, H, I], of each block.
        slopes: float64[G, N, H], d of each block.
        activity: float64[N, I], what is read at N steps.
    """
    squares = np.square(activity - activity.mean(0))
    blocks, steps = len(weights), max(1, len(activity))
    # E[e²] = Σ_b Σ_c W_b W_c E[d_b d_c a²]
    means = np.array([[weights[b] * weights[c] * ((slopes[b] * slopes[c]).T @ squares) / steps
                       for c in range(blocks)] for b in range(blocks)])
    alone = means[range(blocks), range(blocks)]
    return Drives(np.sqrt(np.maximum(means.sum((0, 1)), 0.0)), alone.argmax(0))


def threshold(shares: Array) -> float:
    """Return the share that is told of from on, from that of all pairs of units.

    Args:
        shares: float64[P]; fewer than none says the floor.
    """
    return max(LEAST, float(np.quantile(shares, RANDOM)) if len(shares) else 0.0)


def shares_of(sizes: Array, spread: Array) -> Array:
    """Return sizes as shares of each unit's standard deviation; 0 where a unit never changes.

    Args:
        sizes: float64[H, I].
        spread: float64[H].
    """
    whole = np.broadcast_to(spread[:, None], sizes.shape)
    return np.divide(sizes, whole, out=np.zeros_like(sizes), where=whole > 0)
