"""How well does a unit alone tell where a feature is on?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from builder.activations.sweep import Need, run
from builder.core import evidence as found
from builder.core.scores import Pair
from builder.evidence.control import Control, sample
from builder.evidence.controls import CONTROLS
from builder.evidence.experiment import Evidence, Experiment, Stage
from builder.scoring.histograms import Histograms, detections


class Detection(Control):
    """Average precision, F1 and overlap on held-out text, at a threshold from discover text."""

    name, place = "detection", 30

    def needs(self, stage: Stage, experiment: Experiment) -> Mapping[str, Need[Any]]:
        """Ask for the histograms of the units where their features are off and on."""
        if stage is not Stage.HELD_OUT:
            return {}
        return {"histograms": Need(partial(Histograms, *experiment.columns(_binary(experiment))))}

    def judge(
        self, experiment: Experiment, evidence: Sequence[Evidence]
    ) -> list[found.Detection | None]:
        """Read the same of a discover sample, and return what each unit tells."""
        binary = _binary(experiment)
        discover = run(
            experiment.workers, experiment.subject.reading, experiment.table,
            partial(Histograms, *experiment.columns(binary)),
            sample(experiment, Stage.DISCOVER), "thresholds")
        held_out = self.fed(experiment, Stage.HELD_OUT, "histograms")
        signs = [-1.0 if (experiment.found(p).r or 0.0) < 0 else 1.0 for p in binary]
        by_pair = dict(zip(binary, detections(discover, held_out, signs), strict=True))
        return [by_pair.get(e.pair) for e in evidence]


def _binary(experiment: Experiment) -> list[Pair]:
    return [p for p in experiment.pairs if experiment.spec(p.feature).is_binary]


CONTROLS.register(Detection.name, Detection())
