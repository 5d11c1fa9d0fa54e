"""Controls that a claim can fail: networks that learned nothing, and labels of other texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from builder.core.scores import Pair, Scores
from builder.core.text import Split
from builder.models.untrained import unlearned
from builder.scoring import BigramMeans, BigramTable, CorrelationSums, MeanSums
from builder.scoring.null import Residuals, p_values
from builder.subject import Labels, Subject, read_rows, read_units, sample

SAMPLE_CHARACTERS = 300_000
"""Most characters for each control and split."""

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Floors:
    """What the best unit of a network that learned nothing may reach by chance, by feature.

    Attributes:
        raw: float64[K], of |r|.
        within: float64[K], of |r'|.
    """

    raw: NDArray[np.float64]
    within: NDArray[np.float64]


def measure_floors(subject: Subject, table: BigramTable) -> Floors:
    """Score 12 networks that learned nothing on a sample of discover text, as ours was.

    The floor is the upper bound of a 95% prediction interval for the next such network, with
    as many intervals as there are features.
    """
    labels = Labels(subject, keep=True)
    found = [_best(replace(subject, network=network), table, labels, number)
             for number, network in enumerate(unlearned(subject.network), start=1)]
    raw, within = (np.array(values) for values in zip(*found, strict=True))
    return Floors(_upper(raw), _upper(within))


def _best(
    subject: Subject, table: BigramTable, labels: Labels, number: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    title = f"untrained {number}"
    means = MeanSums(table.size, len(subject.units), len(subject.features))
    stretches = sample(subject.corpus, Split.TRAIN, SAMPLE_CHARACTERS)
    for rows in read_rows(subject, stretches, table, title, labels):
        means.add(rows)
    sums = CorrelationSums(means.means())
    stretches = sample(subject.corpus, Split.DISCOVER, SAMPLE_CHARACTERS)
    for rows in read_rows(subject, stretches, table, title, labels):
        sums.add(rows)
    scores: Scores = sums.scores(subject.units, subject.feature_ids, Split.DISCOVER)
    return _largest(scores.r), _largest(scores.r_within)


def _largest(r: NDArray[np.float64]) -> NDArray[np.float64]:
    best: NDArray[np.float64] = np.nan_to_num(np.abs(r)).max(0)
    return best


def _upper(best: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean + t · sd · √(1 + 1/S) over S networks, t at 1 − .05/K with S − 1 degrees of freedom."""
    networks, features = best.shape
    t = float(stdtrit(networks - 1, 1 - (1 - CONFIDENCE) / features))
    bound: NDArray[np.float64] = (
        best.mean(0) + t * best.std(0, ddof=1) * np.sqrt(1 + 1 / networks)
    )
    return np.minimum(bound, 1.0)


def family_p_values(
    subject: Subject, table: BigramTable, means: BigramMeans, pairs: Sequence[Pair]
) -> NDArray[np.float64]:
    """Return p of every pair under labels of other documents, on a sample of held-out text."""
    column = {unit: i for i, unit in enumerate(subject.units)}
    units = sorted({column[p.unit] for p in pairs})
    place = {u: i for i, u in enumerate(units)}
    feature = {id_: k for k, id_ in enumerate(subject.feature_ids)}
    documents = list(_residuals(subject, table, means, units))
    return p_values(documents, np.array([place[column[p.unit]] for p in pairs], np.intp),
                    np.array([feature[p.feature] for p in pairs], np.intp))


def _residuals(
    subject: Subject, table: BigramTable, means: BigramMeans, units: list[int]
) -> Iterator[Residuals]:
    unit_means = np.vstack([means.units, means.unit_mean])[:, units].astype(np.float32)
    feature_means = np.vstack([means.features, means.feature_mean])
    stretches = sample(subject.corpus, Split.HELD_OUT, SAMPLE_CHARACTERS)
    read = read_units(subject, stretches, units, table, "labels of others", np.float16)
    for _, prepared, values in read:
        bigrams = prepared.bigrams
        kept = (prepared.groups >= 0) & (bigrams < table.size)
        features = (prepared.labels - feature_means[bigrams]) * kept[:, None]
        residual = (values - unit_means[bigrams]) * kept[:, None]
        yield Residuals(residual.astype(np.float16), features.astype(np.float32), kept)
