"""Does a unit rise with a count, in whatever steps?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from builder.activations.sweep import Need
from builder.core.evidence import Number
from builder.core.labels import Tag
from builder.core.scores import Pair
from builder.evidence.control import Control
from builder.evidence.controls import CONTROLS
from builder.evidence.experiment import Evidence, Experiment, Stage
from builder.scoring.tuning import TuningSums


class RankCorrelation(Control):
    """Spearman's rho of a unit and a count, on held-out text."""

    name, place, always = "rank_correlation", 20, True

    def needs(self, stage: Stage, experiment: Experiment) -> Mapping[str, Need[Any]]:
        """Ask for the units at each value of their counts."""
        if stage is not Stage.HELD_OUT:
            return {}
        counts = _counts(experiment)
        return {"tuning": Need(partial(TuningSums, *experiment.columns(counts)))}

    def judge(
        self, experiment: Experiment, evidence: Sequence[Evidence]
    ) -> list[Number | None]:
        """Return rho of each claim about a count."""
        curves = self.fed(experiment, Stage.HELD_OUT, "tuning").results()
        by_pair = dict(zip(_counts(experiment), curves, strict=True))
        return [Number(by_pair[e.pair].spearman) if e.pair in by_pair else None for e in evidence]


def _counts(experiment: Experiment) -> list[Pair]:
    return [p for p in experiment.pairs if experiment.spec(p.feature).tag is Tag.COUNT]


CONTROLS.register(RankCorrelation.name, RankCorrelation())
