"""The model's own probability of what comes next: no unit can be expected to tell more."""

from __future__ import annotations

from functools import partial

from builder.activations.passes import Pass, run
from builder.activations.probabilities import ProbabilityReader
from builder.activations.subject import (
    scattered,
)
from builder.core.text import Split
from builder.evidence.experiment import Ground
from builder.models.threads import one_thread
from builder.scoring import MeanSums, PairSums

SAMPLE_CHARACTERS = 300_000
"""Most characters of each split."""


def measure_ceilings(ground: Ground) -> dict[str, float]:
    """Return r' of the model's own probability of each feature that is about the next character.

    No unit can be expected to tell more of what comes than the model as a whole.
    """
    subject, corpus = ground.subject, ground.subject.corpus
    told = [f.spec for f in subject.features if f.spec.predicts]
    if not told:
        return {}
    sets = tuple(spec.predicts for spec in told)
    features = [ground.feature[spec.id] for spec in told]
    reader = partial(ProbabilityReader, subject.network, sets)
    make = partial(MeanSums, ground.table.size, len(sets), len(subject.features))
    before = run(ground.workers, Pass(subject.reading, ground.table, make, reader),
                 scattered(corpus, Split.TRAIN, SAMPLE_CHARACTERS), "probabilities, means")
    with one_thread():
        means = before.means()
    sums = run(ground.workers,
               Pass(subject.reading, ground.table,
                    partial(PairSums, means, list(range(len(sets))), features), reader),
               scattered(corpus, Split.HELD_OUT, SAMPLE_CHARACTERS), "probabilities")
    with one_thread():
        found = list(zip(told, sums.results(), strict=True))
    return {spec.id: r.r_within.value for spec, r in found if r.r_within.value is not None}
