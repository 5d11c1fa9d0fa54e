"""Is what the network knows of a feature in one unit, or spread over many?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from builder.activations.sweep import Need
from builder.core.evidence import Number
from builder.evidence.control import Control, sample
from builder.evidence.controls import CONTROLS
from builder.evidence.experiment import Evidence, Experiment, Stage
from builder.scoring.probe import GramSums, localisation


class Localisation(Control):
    """r'² of the unit over R² of a linear probe on all units, on held-out text."""

    name, place = "localisation", 40

    def needs(self, stage: Stage, experiment: Experiment) -> Mapping[str, Need[Any]]:
        """Ask for the sums of all units together, on a sample of both texts."""
        if stage is Stage.MEANS:
            return {}
        make = partial(GramSums, experiment.means)
        return {"gram": Need(make, sample=sample(experiment, stage))}

    def judge(
        self, experiment: Experiment, evidence: Sequence[Evidence]
    ) -> list[Number | None]:
        """Return the share of each claim that has an r'."""
        discover, held_out = (self.fed(experiment, stage, "gram")
                              for stage in (Stage.DISCOVER, Stage.HELD_OUT))
        pairs = [e.pair for e in evidence if experiment.is_scored(e)]
        shares = localisation(discover, held_out, *experiment.columns(pairs))
        by_pair = dict(zip(pairs, shares, strict=True))
        return [Number(by_pair[e.pair])
                if e.pair in by_pair and e.held_out.r_within.value is not None else None
                for e in evidence]


CONTROLS.register(Localisation.name, Localisation())
