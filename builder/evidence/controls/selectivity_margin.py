"""Does a unit track one feature, or many as well?"""

from __future__ import annotations

from collections.abc import Sequence

from builder.core.evidence import Number
from builder.evidence.control import Control
from builder.evidence.controls import CONTROLS
from builder.evidence.experiment import Evidence, Experiment
from builder.scoring.specificity import selectivity_margin


class SelectivityMargin(Control):
    """By how much |r'| of a claim leads that of the unit's next feature, on discover text."""

    name, place, always = "selectivity_margin", 10, True

    def judge(
        self, experiment: Experiment, evidence: Sequence[Evidence]
    ) -> list[Number | None]:
        """Return the lead of each claim."""
        scores, synonyms = experiment.scores, experiment.synonyms
        assert scores is not None and synonyms is not None
        return [Number(selectivity_margin(scores, e.pair.unit, e.pair.feature, synonyms))
                if experiment.is_scored(e) else None for e in evidence]


CONTROLS.register(SelectivityMargin.name, SelectivityMargin())
