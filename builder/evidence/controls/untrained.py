"""Networks that learned nothing: what the best unit of one may reach by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from builder.activations.sampling import Stretch, scattered
from builder.activations.shares import Ready, ready
from builder.activations.source import Ability
from builder.activations.subject import Reading
from builder.activations.sweep import alone
from builder.core.evidence import Number
from builder.core.text import Split
from builder.evidence.control import Control
from builder.evidence.controls import CONTROLS
from builder.evidence.experiment import Evidence, Experiment
from builder.scoring import BigramTable, CorrelationSums, MeanSums

FLOOR_CHARACTERS = 150_000
"""Most characters of each split on which networks that learned nothing are scored."""

CONFIDENCE = 0.95

FEW = 9
"""Degrees of freedom below which the spread of one feature alone is no estimate; no more are taken
for the spread of all, which are not independent of each other.
"""


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


class Untrained(Control):
    """The floor of each claim's feature: of |r'|, or of |r| for characters and for events."""

    name, place, asks = "untrained", 50, frozenset({Ability.TWINS})

    def judge(self, experiment: Experiment, evidence: Sequence[Evidence]) -> list[Number | None]:
        """Read the networks that learned nothing; their floors are left for others too."""
        floors = measure_floors(experiment)
        experiment.notes[self.name] = floors
        return [Number(_floor(experiment, e, floors)) for e in evidence]


def _floor(experiment: Experiment, evidence: Evidence, floors: Floors) -> float:
    feature = evidence.pair.feature
    by_kind = floors.change if not experiment.is_scored(evidence) else (
        floors.raw if experiment.reads_characters[feature] else floors.within)
    return float(by_kind[experiment.feature[feature]])


@dataclass(frozen=True)
class _Tried:
    """What is sent to whoever reads a network that learned nothing."""

    reading: Reading
    table: BigramTable
    means: Ready
    discover: Ready


def measure_floors(experiment: Experiment) -> Floors:
    """Score networks that learned nothing on a sample of discover text, as ours was.

    The floor is the upper bound of a 95% prediction interval for the next such network of the
    kind that reaches most, with as many intervals as there are features.

    Args:
        experiment: The network whose shape they have, and the text.
    """
    corpus, reading = experiment.subject.corpus, experiment.subject.reading
    kinds = reading.source.twins
    count = sum(kinds)
    means, discover = (scattered(corpus, split, FLOOR_CHARACTERS)
                       for split in (Split.TRAIN, Split.DISCOVER))
    tried = _Tried(reading, experiment.table, _ready(experiment, means),
                   _ready(experiment, discover))
    size = sum(p.stop - p.read_start for _, p in (*means, *discover))
    found = list(experiment.workers.map(_best, tried, range(count),
                                        title="untrained networks", sizes=[size] * count))
    raw, within, changes = (upper(np.array([f[name] for f in found]), len(kinds))
                            for name in ("raw", "within", "change"))
    return Floors(raw, within, changes)


def _ready(experiment: Experiment, stretches: Sequence[Stretch]) -> Ready:
    return ready(experiment.workers, experiment.subject.reading, stretches)


def _best(tried: _Tried, number: int) -> dict[str, NDArray[np.float64]]:
    """Return the largest |r| and |r'| of each feature over either half of the units of one."""
    source = tried.reading.source.twin(number)
    state = tried.reading.signal_names
    wanted = tuple(dict.fromkeys((*state, *source.changes)))
    reading = replace(tried.reading, source=source, signals=wanted)
    units, features = reading.units, reading.feature_ids
    make = partial(MeanSums, tried.table.size, len(units), len(features))
    means = alone(reading, tried.table, make, tried.means).means()
    sums = alone(reading, tried.table, partial(CorrelationSums, means), tried.discover)
    scores = sums.scores(units, features, Split.DISCOVER)
    is_state = np.array([u.signal in state for u in units])
    is_change = np.array([u.signal in source.changes for u in units])
    return {"raw": _largest(scores.r[is_state]), "within": _largest(scores.r_within[is_state]),
            "change": _largest(scores.r[is_change])}


def _largest(r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the largest of every other unit, and of those between, float64[2, K]."""
    size = np.nan_to_num(np.abs(r))
    return np.stack([size[half::2].max(0, initial=0.0) for half in range(2)])


def upper(best: NDArray[np.float64], kinds: int) -> NDArray[np.float64]:
    """Return the largest over kinds of mean + t · sd · √(1 + 1/S), of S networks of each kind.

    Kinds differ from each other far more than networks of one kind do, so sd is that within
    kinds, all of them together; t is at 1 − .05/K, with as many degrees of freedom as sd has.
    Below `FEW` of these a feature's own sd says too little. Then it is that of all features
    together, as it is or as a share of the mean, whichever is more; of a single network it is that
    of the halves of its units, as if these were two networks.

    Args:
        best: float64[kinds · S, 2, K], networks of one kind after the other; the largest of either
            half of the units of each.
        kinds: How many.
    """
    of_kind = best.max(1).reshape(kinds, -1, best.shape[2])
    each, features = of_kind.shape[1:]
    alike = of_kind if each > 1 else best
    squares = ((alike - alike.mean(1, keepdims=True)) ** 2).sum((0, 1))
    freedom, largest = alike.shape[0] * (alike.shape[1] - 1), np.zeros(features)
    spread = np.sqrt(squares / freedom)
    if freedom < FEW:
        spread, freedom, largest = _of_all(spread, alike.mean((0, 1))), FEW, of_kind.max((0, 1))
    t = float(stdtrit(freedom, 1 - (1 - CONFIDENCE) / features))
    bound = of_kind.mean(1).max(0) + t * spread * np.sqrt(1 + 1 / each)
    found: NDArray[np.float64] = np.minimum(np.maximum(bound, largest), 1.0)
    return found


def _of_all(
    spread: NDArray[np.float64], mean: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the spread of each feature, float64[K], from those of all together."""
    there = mean > 0
    share = np.sqrt(np.mean((spread[there] / mean[there]) ** 2)) if there.any() else 0.0
    found: NDArray[np.float64] = np.maximum(np.sqrt(np.mean(spread**2)), share * mean)
    return found


CONTROLS.register(Untrained.name, Untrained())
