"""The model's own probability of what comes next: no unit can be expected to tell more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from builder.activations.source import Ability
from builder.activations.sweep import Need
from builder.core.evidence import Number
from builder.core.labels import FeatureSpec
from builder.evidence.control import Control, sample
from builder.evidence.controls import CONTROLS
from builder.evidence.experiment import Evidence, Experiment, Stage
from builder.scoring import MeanSums, PairSums


class Ceiling(Control):
    """r' of the probability that what a future feature predicts comes next, on held-out text."""

    name, place, asks = "ceiling", 70, frozenset({Ability.WEIGHTS})

    def needs(self, stage: Stage, experiment: Experiment) -> Mapping[str, Need[Any]]:
        """Ask for the means of the probabilities, and for their sums with the features."""
        predicted = _predicted(experiment)
        sets = tuple(spec.predicts for spec in predicted)
        if not sets or stage is Stage.DISCOVER:
            return {}
        make: Callable[[], Any] = partial(
            MeanSums, experiment.table.size, len(sets), len(experiment.subject.features))
        if stage is Stage.HELD_OUT:
            means = self.fed(experiment, Stage.MEANS, "guesses").means()
            features = [experiment.feature[spec.id] for spec in predicted]
            make = partial(PairSums, means, list(range(len(sets))), features)
        return {"guesses": Need(make, sets=sets, sample=sample(experiment, stage))}

    def judge(
        self, experiment: Experiment, evidence: Sequence[Evidence]
    ) -> list[Number | None]:
        """Return the ceiling of each claim about a future feature."""
        predicted = _predicted(experiment)
        guesses = self.fed(experiment, Stage.HELD_OUT, "guesses")
        results = guesses.results() if predicted else []
        by_feature = {spec.id: r.r_within.value
                      for spec, r in zip(predicted, results, strict=True)}
        return [Number(value) if (value := by_feature.get(e.pair.feature)) is not None else None
                for e in evidence]


def _predicted(experiment: Experiment) -> list[FeatureSpec]:
    """Return the features that say which characters come next."""
    return [f.spec for f in experiment.subject.features if f.spec.predicts]


CONTROLS.register(Ceiling.name, Ceiling())
