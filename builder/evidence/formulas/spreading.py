"""How a feature or a formula is spread over units: what the best one tells, the best two, and all.

Units are taken one after the other, each time the one that goes best with what those before it
leave (orthogonal matching pursuit), on discover text; the share is of held-out text.

Source:
    Pati, Rezaiifar and Krishnaprasad 1993, Orthogonal matching pursuit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.scoring.reservoir import PENALTY, ROWS
from builder.scoring.within import squares

Float = NDArray[np.float64]
Float32 = NDArray[np.float32]

SIZES = (1, 2, 5, 10, 20)
"""Numbers of units at which the share is taken."""

DIGITS = 6
"""Digits to which units are compared, so that rounding elsewhere chooses no other."""


@dataclass(frozen=True)
class Spreads:
    """How each of C targets is spread.

    Attributes:
        units: Columns of the units that are taken, in their order.
        explained: float64[C, len(SIZES)], share of its held-out variance that so many units tell.
        linear: float64[C], that all units tell.
    """

    units: list[list[int]]
    explained: Float
    linear: Float


@dataclass(frozen=True)
class _Products:
    """Σ over the rows of a text: units with units [U, U], with targets [U, C], targets² [C]."""

    units: Float
    both: Float
    targets: Float


def spreads(
    found: tuple[Float32, Float32], judged: tuple[Float32, Float32], cells: Sequence[object]
) -> Spreads:
    """Return how targets are spread over the units of a network.

    Args:
        found: float32[N, U] and [N, C], units and targets on discover text, freed of means.
        judged: The same on held-out text.
        cells: Which cell each unit is a signal of; of each cell one signal is taken.
    """
    a, b = _products(*found), _products(*judged)
    _, same = np.unique([str(cell) for cell in cells], return_inverse=True)
    taken = [_taken(a, c, same) for c in range(len(a.targets))]
    explained = np.array([[_told(a, b, c, of[:size]) for size in SIZES]
                          for c, of in enumerate(taken)]).reshape(len(taken), len(SIZES))
    return Spreads(taken, explained, _linear(a, b))


def _products(units: Float32, targets: Float32) -> _Products:
    u, c = units.shape[1], targets.shape[1]
    within, both = np.zeros((u, u)), np.zeros((u, c))
    for at in range(0, len(units), ROWS):
        some = units[at : at + ROWS]
        within += some.T @ some
        both += some.T @ targets[at : at + ROWS]
    return _Products(within, both, squares(targets))


def _taken(a: _Products, c: int, cells: NDArray[np.intp]) -> list[int]:
    """Take units one after the other for one target, of each cell one at most."""
    size = np.sqrt(np.maximum(np.diag(a.units), 0.0))
    left, taken = a.both[:, c], list[int]()
    free = size > 0
    for _ in range(min(SIZES[-1], len(np.unique(cells[free])))):
        with np.errstate(divide="ignore", invalid="ignore"):
            r = np.where(free, np.abs(left) / size, -1.0)
        whole = max(float(np.sqrt(a.targets[c])), 1e-30)
        best = int(np.argmax(np.round(r / whole, DIGITS)))
        taken.append(best)
        free &= cells != cells[best]
        left = a.both[:, c] - a.units[:, taken] @ _fitted(a, c, taken)
    return taken


def _fitted(a: _Products, c: int, units: Sequence[int]) -> Float:
    """Return the weights of some units for one target: (Σhhᵀ)⁻¹ Σhf."""
    w = np.linalg.lstsq(a.units[np.ix_(units, units)], a.both[units, c], rcond=1e-9)[0]
    return np.asarray(w, np.float64)


def _told(a: _Products, b: _Products, c: int, units: Sequence[int]) -> float:
    """Return 1 − Σ(f − wh)² / Σf² on the second text with weights of the first."""
    if not units or b.targets[c] <= 0:
        return np.nan
    w = _fitted(a, c, units)
    missed = b.targets[c] - 2 * w @ b.both[units, c] + w @ b.units[np.ix_(units, units)] @ w
    return float(1 - missed / b.targets[c])


def _linear(a: _Products, b: _Products) -> Float:
    """Return what all units tell: ridge, with the penalty of every other mix."""
    gram = a.units.copy()
    mean = float(np.trace(gram)) / max(1, len(gram))
    gram[np.diag_indices_from(gram)] += PENALTY * max(mean, 1e-30)
    w = np.linalg.solve(gram, a.both)
    missed = b.targets - 2 * (w * b.both).sum(0) + (w * (b.units @ w)).sum(0)
    return np.where(b.targets > 0, 1 - missed / np.maximum(b.targets, 1e-30), np.nan)
