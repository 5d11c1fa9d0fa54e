"""Labels of other documents: could so many claims be chance?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import SAMPLE_CHARACTERS, beginnings
from builder.activations.shares import Ready, sent, small_shares
from builder.activations.source import values_of
from builder.activations.subject import Reading
from builder.activations.texts import Slice
from builder.core.evidence import Number
from builder.core.scores import Pair
from builder.core.text import Split
from builder.evidence.control import Control
from builder.evidence.controls import CONTROLS
from builder.evidence.experiment import Evidence, Experiment
from builder.models.threads import one_thread
from builder.scoring import BigramMeans, BigramTable
from builder.scoring.held_out import number
from builder.scoring.null import Residuals, p_values


class ShuffledLabels(Control):
    """p over the whole family of claims but those about characters, which r' says nothing of."""

    name, place = "shuffled_labels", 60

    def judge(
        self, experiment: Experiment, evidence: Sequence[Evidence]
    ) -> list[Number | None]:
        """Lay labels of other documents on each, and return p of each claim about a state."""
        pairs = [e.pair for e in evidence if experiment.is_scored(e)]
        by_pair = dict(zip(pairs, family_p_values(experiment, pairs), strict=True))
        return [Number(number(by_pair[e.pair]))
                if e.pair in by_pair and not experiment.reads_characters[e.pair.feature]
                else None for e in evidence]


@dataclass(frozen=True)
class _Null:
    """What is sent to whoever lays labels on other documents."""

    reading: Reading
    table: BigramTable
    means: BigramMeans
    units: tuple[int, ...]
    unit_of: NDArray[np.intp]
    feature_of: NDArray[np.intp]


def family_p_values(
    experiment: Experiment, pairs: Sequence[Pair]
) -> NDArray[np.float64]:
    """Return p of every pair under labels of other documents.

    The sample is the beginnings of many held-out documents: the more documents, the more orders
    of them that are all different.
    """
    unit_of, feature_of = experiment.columns(pairs)
    units, place = np.unique(np.asarray(unit_of, np.intp), return_inverse=True)
    reading = experiment.subject.reading
    null = _Null(reading, experiment.table, experiment.means, tuple(units.tolist()),
                 place.astype(np.intp), np.asarray(feature_of, np.intp))
    stretches = beginnings(experiment.subject.corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)
    size = sum(p.stop - p.read_start for _, p in stretches)
    parts = tuple(sent(experiment.workers, reading, share) for share in small_shares(stretches))
    return next(iter(experiment.workers.map(
        _p_values, null, [parts], title="labels of others", sizes=[size])))["p"]


def _p_values(null: _Null, shares: Ready) -> dict[str, NDArray[np.float64]]:
    with one_thread():
        documents = [r for share in shares for r in _residuals(null, share)]
        return {"p": p_values(documents, null.unit_of, null.feature_of)}


def _residuals(null: _Null, share: tuple[Slice, ...]) -> Iterator[Residuals]:
    means, size = null.means, null.table.size
    unit_means = np.vstack([means.units, means.unit_mean])[:, null.units].astype(np.float32)
    feature_means = np.vstack([means.features, means.feature_mean])
    prepared = null.reading.load(share, null.table)
    reading = null.reading
    read = values_of(reading.source, share, [p.fed for p in prepared], reading.signal_names,
                     null.units, reading.rows)
    for piece in prepared:
        values, bigrams = read.pop(0), piece.bigrams
        kept = (piece.groups >= 0) & (bigrams < size)
        features = (piece.labels - feature_means[bigrams]) * kept[:, None]
        residual = (values - unit_means[bigrams]) * kept[:, None]
        yield Residuals(residual.astype(np.float16), features.astype(np.float32), kept)


CONTROLS.register(ShuffledLabels.name, ShuffledLabels())
