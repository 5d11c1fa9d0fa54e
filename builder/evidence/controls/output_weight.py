"""Does a unit make likelier what a future feature predicts?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from builder.activations.source import Ability
from builder.core.evidence import Number
from builder.core.units import UnitId
from builder.evidence.control import Control
from builder.evidence.controls import CONTROLS
from builder.evidence.experiment import Evidence, Experiment
from builder.models.losses import decoder_weights
from builder.models.network import CharNetwork


class OutputWeight(Control):
    """The unit's output weight to the steps that are predicted, less its mean weight."""

    name, place, asks = "output_weight", 75, frozenset({Ability.WEIGHTS})

    def judge(
        self, experiment: Experiment, evidence: Sequence[Evidence]
    ) -> list[Number | None]:
        """Return the weight of each claim about a future feature."""
        network = experiment.subject.network
        found = [output_weight(network, e.pair.unit, experiment.spec(e.pair.feature).predicts,
                               e.found_on_discover.r) for e in evidence]
        return [None if weight is None else Number(weight) for weight in found]


def output_weight(
    network: CharNetwork, unit: UnitId, characters: str, r: float | None
) -> float | None:
    """Return how much likelier than others a unit makes steps that begin so, turned with r's sign.

    Args:
        network: Whose decoder.
        unit: Of the last layer; for any other there is None.
        characters: Those that a future feature predicts; for none there is None.
        r: Correlation of unit and feature.
    """
    weights = decoder_weights(network, *unit.cell)
    known = network.spec.vocabulary.starting_with(characters)
    if weights is None or not known or r is None:
        return None
    return float((weights[known].mean() - weights.mean()) * np.sign(r))


CONTROLS.register(OutputWeight.name, OutputWeight())
