"""The best that a network which learned nothing has to offer for each feature that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from builder.activations.sampling import Stretch
from builder.activations.subject import Reading, Subject, no_bigrams
from builder.activations.sweep import run
from builder.cards.traces import Read, read_columns
from builder.core.text import Split
from builder.core.units import Kind, UnitId
from builder.scoring import BigramMeans, CorrelationSums
from builder.work import Workers

NUMBER = 0
"""Which of the networks that learned nothing: as training starts, seed 0."""


@dataclass(frozen=True)
class Baselines:
    """Units of a network that learned nothing, one for each claim.

    Attributes:
        units: Their ids; two claims may have the same.
        r: Their correlations on the sample.
        reads: The sample, read for them: column i is the unit of claim i.
        reading: How it was read.
        columns: Their columns of the reading.
    """

    units: tuple[UnitId, ...]
    r: tuple[float, ...]
    reads: tuple[Read, ...]
    reading: Reading
    columns: tuple[int, ...]


def untrained_baselines(
    subject: Subject, wanted: Sequence[tuple[UnitId, int]], stretches: Sequence[Stretch],
    workers: Workers,
) -> Baselines:
    """Find, for each unit and feature column, the unit that correlates most with the feature.

    A state is compared with states, a change with changes. Its values have the sign of the unit
    that it stands beside: they are turned over where r has the other sign.

    Where there is no such network, nothing was read.
    """
    source = subject.source
    if not source.twins:
        return Baselines((), (), (), subject.reading, ())
    states = tuple(dict.fromkeys(u.signal for u in subject.units))
    signals = tuple(dict.fromkeys((*states, *source.changes)))
    reading = replace(subject.reading, source=source.twin(NUMBER), signals=signals)
    table = no_bigrams(source.tokens.size)
    zeros = np.zeros((0, len(reading.units))), np.zeros((0, len(reading.features)))
    means = BigramMeans(*zeros, np.zeros(len(reading.units)), np.zeros(len(reading.features)), 0)
    sums = run(workers, reading, table, partial(CorrelationSums, means), stretches,
               "an untrained network")
    r = np.nan_to_num(sums.scores(reading.units, reading.feature_ids, Split.HELD_OUT).r)
    is_change = np.array([source.signal(u.signal).kind is Kind.CHANGE for u in reading.units])
    columns = []
    for unit, feature in wanted:
        allowed = is_change == (source.signal(unit.signal).kind is Kind.CHANGE)
        columns.append(int(np.argmax(np.where(allowed, np.abs(r[:, feature]), -1.0))))
    reads = tuple(read_columns(reading, columns, stretches, table, workers,
                               "the best of its units"))
    return Baselines(tuple(reading.units[c] for c in columns),
                  tuple(float(r[c, k]) for c, (_, k) in zip(columns, wanted, strict=True)),
                  reads, reading, tuple(columns))
