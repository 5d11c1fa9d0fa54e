"""Cause: what the model loses without a unit where its formula holds, and where it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from builder.activations.sampling import windows
from builder.activations.subject import Reading, prepare
from builder.core.evidence import Effect
from builder.core.formulas import Formula
from builder.core.text import Corpus, Split
from builder.evidence.costs import Cell, Scene, random_of, take_away
from builder.evidence.formulas.chance import holding
from builder.models.losses import character_losses
from builder.models.threads import one_thread
from builder.scoring import BigramTable
from builder.scoring.effect import effect_of
from builder.scoring.prepare import NOT_SCORED
from builder.work import Workers

WINDOWS = 24
WINDOW = 2_200
"""Characters of each of the stretches on which costs are taken; the first 200 are not scored."""


def effects(
    workers: Workers, reading: Reading, table: BigramTable, corpus: Corpus,
    means: Mapping[Cell, float], cells: Sequence[Cell], formulas: Sequence[Formula],
    given: Sequence[Formula | None] = (),
) -> list[Effect]:
    """Return what each cell's absence costs where its formula holds, less what elsewhere.

    Args:
        workers: Who reads.
        reading: Network and features.
        table: Numbers of the frequent pairs of steps.
        corpus: Of whose held-out text.
        means: Mean of the output of each cell that is held, random ones too.
        cells: P cells.
        formulas: One of each.
        given: Where a condition must hold for a step to count; everywhere where there is none.
    """
    if not cells:
        return []
    random = [c for layer in sorted({c[0] for c in cells})
              for c in random_of(reading.network, layer)]
    scene = _scene(reading, table, corpus, means, formulas, given or [None] * len(formulas))
    costs = take_away(workers, scene, [*cells, *random])
    return [effect_of(costs[cell],
                      [costs[c] for c in random_of(reading.network, cell[0]) if c != cell], p)
            for p, cell in enumerate(cells)]


def _scene(
    reading: Reading, table: BigramTable, corpus: Corpus, means: Mapping[Cell, float],
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
    texts = [p.ids for p in prepared]
    with one_thread():
        whole = character_losses(reading.network, texts)
    return Scene(reading.network, means, texts, whole, [x.astype(np.float32) for x in on],
                 [x.astype(np.float32) for x in off], [piece.group for _, piece in stretches],
                 [int(np.argmax(p.groups != NOT_SCORED)) for p in prepared])
