"""Cause: what the model loses without a unit where its formula holds, and where it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import windows
from builder.activations.source import Ability, ActivationSource
from builder.activations.subject import Reading, prepare
from builder.core.evidence import Effect
from builder.core.formulas import Formula
from builder.core.text import Corpus, Split
from builder.core.units import UnitId
from builder.evidence.costs import Scene, random_of, take_away, with_random
from builder.evidence.formulas.chance import holding
from builder.scoring import BigramTable
from builder.scoring.effect import effect_of
from builder.scoring.prepare import NOT_SCORED
from builder.work import Workers

WINDOWS = 24
WINDOW = 2_200
"""Characters of each of the stretches on which costs are taken; the first 200 are not scored."""


def means_of(reading: Reading, values: NDArray[np.float32]) -> dict[UnitId, float]:
    """Return the mean of each unit that can be held; none where the source cannot hold any.

    Args:
        reading: Whose units.
        values: float32[N, U], what they do on discover text.
    """
    source = reading.source
    if Ability.HOLD not in source.abilities:
        return {}
    means = values.sum(0, dtype=np.float64) / max(1, len(values))
    return {unit: float(mean) for unit, mean in zip(reading.units, means, strict=True)
            if unit.signal in source.outputs}


def can_be_held(
    source: ActivationSource, unit: UnitId, means: Mapping[UnitId, float]
) -> bool:
    """Tell whether the mean is known of what is held where a unit is to be taken away."""
    return bool(means) and source.held(unit) in means


def effects(
    workers: Workers, reading: Reading, table: BigramTable, corpus: Corpus,
    means: Mapping[UnitId, float], units: Sequence[UnitId], formulas: Sequence[Formula],
    given: Sequence[Formula | None] = (),
) -> list[Effect]:
    """Return what each unit's absence costs where its formula holds, less what elsewhere.

    Args:
        workers: Who reads.
        reading: Network and features.
        table: Numbers of the frequent pairs of steps.
        corpus: Of whose held-out text.
        means: Mean of each unit that can be held.
        units: P units; what is held of each is its cell's output.
        formulas: One of each.
        given: Where a condition must hold for a step to count; everywhere where there is none.
    """
    if not units:
        return []
    source, held = reading.source, [reading.source.held(unit) for unit in units]
    scene = _scene(reading, table, corpus, means, formulas, given or [None] * len(formulas))
    costs = take_away(workers, scene, with_random(source, held))
    return [effect_of(costs[unit], [costs[u] for u in random_of(source, unit) if u != unit], p)
            for p, unit in enumerate(held)]


def _scene(
    reading: Reading, table: BigramTable, corpus: Corpus, means: Mapping[UnitId, float],
    formulas: Sequence[Formula], given: Sequence[Formula | None],
) -> Scene:
    stretches = windows(corpus, Split.HELD_OUT, WINDOWS, WINDOW)
    prepared = prepare(reading, stretches, table)
    on, off = [], []
    for piece in prepared:
        scored = piece.groups != NOT_SCORED
        where = holding(reading, formulas, piece.labels)
        among = [scored if g is None else scored & holding(reading, [g], piece.labels)[0]
                 for g in given]
        on.append(np.stack([w & a for w, a in zip(where, among, strict=True)], 1))
        off.append(np.stack([~w & a for w, a in zip(where, among, strict=True)], 1))
    texts = [p.fed for p in prepared]
    whole = reading.source.losses(texts)
    return Scene(reading.source, means, texts, whole, [x.astype(np.float32) for x in on],
                 [x.astype(np.float32) for x in off], [piece.group for _, piece in stretches],
                 [int(np.argmax(p.groups != NOT_SCORED)) for p in prepared])
