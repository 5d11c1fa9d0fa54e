"""Networks that learned nothing: what the best unit of one may reach by chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from builder.activations.passes import Pass, Ready, alone, ready
from builder.activations.subject import (
    Reading,
    scattered,
)
from builder.core.text import Split
from builder.evidence.experiment import Ground
from builder.models.threads import one_thread
from builder.models.untrained import KINDS, UNLEARNED, unlearned
from builder.scoring import BigramTable, CorrelationSums, MeanSums

FLOOR_CHARACTERS = 150_000
"""Most characters of each split on which networks that learned nothing are scored."""

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Floors:
    """What the best unit of a network that learned nothing may reach by chance, by feature.

    Attributes:
        raw: float64[K], of |r|, state signals.
        within: float64[K], of |r'|, state signals.
        change: float64[K], of |r| of the changes of units.
    """

    raw: NDArray[np.float64]
    within: NDArray[np.float64]
    change: NDArray[np.float64]


@dataclass(frozen=True)
class _Tried:
    """What is sent to whoever reads a network that learned nothing."""

    reading: Reading
    table: BigramTable
    change: str
    means: Ready
    discover: Ready


def measure_floors(ground: Ground, change: str) -> Floors:
    """Score 12 networks that learned nothing on a sample of discover text, as ours was.

    The floor is the upper bound of a 95% prediction interval for the next such network of the
    kind that reaches most, with as many intervals as there are features.

    Args:
        ground: The network whose shape they have, and the text.
        change: The signal whose changes events are judged by.
    """
    corpus, reading = ground.subject.corpus, ground.subject.reading
    means, discover = (scattered(corpus, split, FLOOR_CHARACTERS)
                       for split in (Split.TRAIN, Split.DISCOVER))
    tried = _Tried(reading, ground.table, change, ready(reading, means, ground.table),
                   ready(reading, discover, ground.table))
    size = sum(p.stop - p.read_start for _, p in (*means, *discover))
    found = list(ground.workers.map(_best, tried, range(UNLEARNED), title="untrained networks",
                                    sizes=[size] * UNLEARNED))
    raw, within, changes = (_upper(np.array([f[name] for f in found]))
                            for name in ("raw", "within", "change"))
    return Floors(raw, within, changes)


def _best(tried: _Tried, number: int) -> dict[str, NDArray[np.float64]]:
    """Return the largest |r| and |r'| of each feature over the units of one such network."""
    with one_thread():
        network = unlearned(tried.reading.network, number)
        state = tuple(dict.fromkeys(u.signal for u in tried.reading.units))
        wanted = tuple(dict.fromkeys((*state, tried.change)))
        reading = replace(tried.reading, network=network, signals=wanted)
        units, features = reading.units, reading.feature_ids
        make = partial(MeanSums, tried.table.size, len(units), len(features))
        means = alone(Pass(reading, tried.table, make), tried.means).means()
        sums = alone(Pass(reading, tried.table, partial(CorrelationSums, means)), tried.discover)
        scores = sums.scores(units, features, Split.DISCOVER)
        is_state = np.array([u.signal in state for u in units])
        is_change = np.array([u.signal == tried.change for u in units])
        return {"raw": _largest(scores.r[is_state]), "within": _largest(scores.r_within[is_state]),
                "change": _largest(scores.r[is_change])}


def _largest(r: NDArray[np.float64]) -> NDArray[np.float64]:
    best: NDArray[np.float64] = np.nan_to_num(np.abs(r)).max(0)
    return best


def _upper(best: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the largest over kinds of mean + t · sd · √(1 + 1/S), of S networks of each kind.

    Kinds differ from each other far more than networks of one kind do, so sd is that within
    kinds, all of them together; t is at 1 − .05/K, with as many degrees of freedom as sd has.

    Args:
        best: float64[kinds · S, K], networks of one kind after the other.
    """
    kinds = best.reshape(len(KINDS), -1, best.shape[1])
    each = kinds.shape[1]
    freedom = len(KINDS) * (each - 1)
    spread = np.sqrt(((kinds - kinds.mean(1, keepdims=True)) ** 2).sum((0, 1)) / freedom)
    t = float(stdtrit(freedom, 1 - (1 - CONFIDENCE) / best.shape[1]))
    bound: NDArray[np.float64] = kinds.mean(1).max(0) + t * spread * np.sqrt(1 + 1 / each)
    return np.minimum(bound, 1.0)
