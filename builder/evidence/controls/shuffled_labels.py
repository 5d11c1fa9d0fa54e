"""Labels of other documents: could so many claims be chance?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.activations.passes import small_shares
from builder.activations.subject import (
    Reading,
    Stretch,
    beginnings,
    prepare,
    values_of,
)
from builder.core.scores import Pair
from builder.core.text import Split
from builder.evidence.experiment import Ground
from builder.models.threads import one_thread
from builder.scoring import BigramMeans, BigramTable
from builder.scoring.null import Residuals, p_values

SAMPLE_CHARACTERS = 300_000
"""Most characters of each split."""


@dataclass(frozen=True)
class _Null:
    """What is sent to whoever lays labels on other documents."""

    reading: Reading
    table: BigramTable
    means: BigramMeans
    units: tuple[int, ...]
    unit_of: NDArray[np.intp]
    feature_of: NDArray[np.intp]


def family_p_values(ground: Ground, pairs: Sequence[Pair]) -> NDArray[np.float64]:
    """Return p of every pair under labels of other documents.

    The sample is the beginnings of many held-out documents: the more documents, the more orders
    of them that are all different.
    """
    unit_of, feature_of = ground.columns(pairs)
    units, place = np.unique(np.asarray(unit_of, np.intp), return_inverse=True)
    null = _Null(ground.subject.reading, ground.table, ground.means, tuple(units.tolist()),
                 place.astype(np.intp), np.asarray(feature_of, np.intp))
    stretches = beginnings(ground.subject.corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)
    size = sum(p.stop - p.read_start for _, p in stretches)
    return next(iter(ground.workers.map(_p_values, null, [stretches], title="labels of others",
                                        sizes=[size])))["p"]


def _p_values(null: _Null, stretches: tuple[Stretch, ...]) -> dict[str, NDArray[np.float64]]:
    with one_thread():
        documents = [r for share in small_shares(stretches) for r in _residuals(null, share)]
        return {"p": p_values(documents, null.unit_of, null.feature_of)}


def _residuals(null: _Null, share: tuple[Stretch, ...]) -> Iterator[Residuals]:
    means, size = null.means, null.table.size
    unit_means = np.vstack([means.units, means.unit_mean])[:, null.units].astype(np.float32)
    feature_means = np.vstack([means.features, means.feature_mean])
    prepared = prepare(null.reading, share, null.table)
    read = values_of(null.reading, prepared, null.reading.reader(), null.units)
    for piece in prepared:
        values, bigrams = read.pop(0), piece.bigrams
        kept = (piece.groups >= 0) & (bigrams < size)
        features = (piece.labels - feature_means[bigrams]) * kept[:, None]
        residual = (values - unit_means[bigrams]) * kept[:, None]
        yield Residuals(residual.astype(np.float16), features.astype(np.float32), kept)
