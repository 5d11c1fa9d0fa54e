"""The first two passes: means after each bigram, and every unit against every feature."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from builder.activations.passes import Pass, run
from builder.activations.subject import MEAN_CHARACTERS, Stretch, Subject, scattered
from builder.core.scores import Scores
from builder.core.text import Split
from builder.evidence.experiment import Ground
from builder.models.threads import one_thread
from builder.scoring import BigramTable, CorrelationSums, MeanSums, count_bigrams
from builder.work import Workers


def survey(subject: Subject, minimum_r: float, workers: Workers) -> Ground:
    """Number the frequent bigrams of the train split and take every mean after each."""
    stretches = scattered(subject.corpus, Split.TRAIN, MEAN_CHARACTERS)
    vocabulary = subject.network.spec.vocabulary
    table = count_bigrams(
        (vocabulary.encode(d.text[p.scored_start : p.stop]) for d, p in stretches),
        vocabulary.size)
    return take_means(subject, minimum_r, workers, table, stretches)


def take_means(
    subject: Subject, minimum_r: float, workers: Workers, table: BigramTable,
    stretches: Sequence[Stretch],
) -> Ground:
    """Take the mean of every unit and feature after each frequent bigram."""
    make = partial(MeanSums, table.size, len(subject.units), len(subject.features))
    sums = run(workers, Pass(subject.reading, table, make), stretches, "means")
    with one_thread():
        return Ground(subject, workers, table, sums.means(), minimum_r)


def score_all(
    ground: Ground, stretches: Sequence[Stretch], title: str
) -> tuple[Scores, NDArray[np.float64]]:
    """Correlate every unit with every feature on discover text; also the features themselves."""
    subject = ground.subject
    sums = run(ground.workers,
               Pass(subject.reading, ground.table, partial(CorrelationSums, ground.means)),
               stretches, title)
    with one_thread():
        scores = sums.scores(subject.units, subject.feature_ids, Split.DISCOVER)
        return scores, sums.feature_correlations()
