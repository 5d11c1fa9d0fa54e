"""Cause: what the model loses, and where, when a unit is held at its mean.

Taking any unit away costs something somewhere. So what counts is the cost where the feature is on
less the cost where it is off, and it must be beyond what random units of the same layer show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.sampling import predicted, scattered, windows
from builder.activations.source import Ability
from builder.activations.subject import prepare
from builder.activations.sweep import Need
from builder.core.evidence import Effect
from builder.core.text import Split
from builder.core.units import UnitId
from builder.evidence.control import Control
from builder.evidence.controls import CONTROLS
from builder.evidence.costs import Scene, random_of, take_away, with_random
from builder.evidence.experiment import Evidence, Experiment, Stage
from builder.evidence.grade import worth_ablating
from builder.scoring import MeanSums, Prepared
from builder.scoring.effect import CostSums, effect_of
from builder.scoring.prepare import NOT_SCORED

WINDOWS = 64
WINDOW = 2_200
"""Characters of each of the stretches on which costs are taken; the first 200 are not scored."""

LEAST_WINDOWS = 8
"""Of them, however large the vocabulary: there must be an interval over some groups."""

THIRD_CHARACTERS = 300_000
"""Characters of discover text that say where the thirds of a count are."""

class Ablation(Control):
    """What the model loses where the feature is on, and where it is off, without the unit."""

    name, place, asks = "ablation", 90, frozenset({Ability.HOLD})

    def needs(self, stage: Stage, experiment: Experiment) -> Mapping[str, Need[Any]]:
        """Ask for the mean of every cell's output, where that is not scored anyway."""
        reading = experiment.subject.reading
        outputs = reading.source.outputs
        if stage is not Stage.MEANS or set(outputs) <= set(reading.signal_names):
            return {}
        make = partial(MeanSums, experiment.table.size, len(reading.units_of(outputs)),
                       len(reading.feature_ids))
        return {"output": Need(make, signals=outputs)}

    def judge(
        self, experiment: Experiment, evidence: Sequence[Evidence]
    ) -> list[Effect | None]:
        """Return the effect of taking the unit away, for every claim that it could make better."""
        least = experiment.minimum_r
        worth = [worth_ablating(e.tag, e.found_on_discover, e.held_out, e, least)
                 for e in evidence]
        held = experiment.subject.source.held
        units = [held(e.pair.unit) for e, chosen in zip(evidence, worth, strict=True) if chosen]
        costs = _take_away(experiment, units) if units else {}
        return [_effect(experiment, e, costs) if chosen else None
                for e, chosen in zip(evidence, worth, strict=True)]


def _effect(
    experiment: Experiment, evidence: Evidence, costs: Mapping[UnitId, CostSums]
) -> Effect:
    unit = experiment.subject.source.held(evidence.pair.unit)
    column = experiment.feature[evidence.pair.feature]
    others = [costs[u] for u in _random(experiment, unit) if u != unit]
    return effect_of(costs[unit], others, column)


def _random(experiment: Experiment, unit: UnitId) -> list[UnitId]:
    return random_of(experiment.subject.source, unit)


def _take_away(experiment: Experiment, units: Sequence[UnitId]) -> dict[UnitId, CostSums]:
    """Return what it costs to take each of these units away, and each random one."""
    return take_away(experiment.workers, _scene(experiment), with_random(
        experiment.subject.source, units))


def _scene(experiment: Experiment) -> Scene:
    subject = experiment.subject
    count = predicted(WINDOWS, subject.texts.cutting.size, LEAST_WINDOWS)
    stretches = windows(subject.corpus, Split.HELD_OUT, count, WINDOW)
    prepared = prepare(subject.reading, stretches, experiment.table)
    texts = [p.fed for p in prepared]
    cuts = _cuts(experiment)
    masks = [_masks(p.labels, _predicting(p), cuts) for p in prepared]
    whole = subject.source.losses(texts)
    return Scene(subject.source, _means(experiment), texts, whole, [on for on, _ in masks],
                  [off for _, off in masks], [piece.group for _, piece in stretches],
                  [int(np.argmax(p.groups != NOT_SCORED)) for p in prepared])


def _means(experiment: Experiment) -> dict[UnitId, float]:
    """Return the mean of every unit that can be held, which its readers then see."""
    subject = experiment.subject
    outputs = subject.source.outputs
    asked = experiment.fed.get((Stage.MEANS, Ablation.name, "output"))
    units = subject.source.units_of(outputs) if asked else subject.units
    means = asked.means() if asked else experiment.means
    return {u: float(mean) for u, mean in zip(units, means.unit_mean, strict=True)
            if u.signal in outputs}


def _predicting(prepared: Prepared) -> NDArray[np.bool_]:
    """Return which scored steps predict one: not the last, nor one before a fresh state."""
    there: NDArray[np.bool_] = prepared.groups != NOT_SCORED
    there[-1:] = False
    there[:-1] &= prepared.fed[1:] >= 0
    return there


def _masks(
    labels: NDArray[np.generic], there: NDArray[np.bool_], cuts: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return where each feature is on and where off, among some steps."""
    on = (labels > cuts[0]) & there[:, None]
    off = (labels <= cuts[1]) & there[:, None]
    return on.astype(np.float32), off.astype(np.float32)


def _cuts(experiment: Experiment) -> NDArray[np.float64]:
    """Return above what a feature is on, and up to what it is off, float64[2, K].

    A count is on in its upper third and off in its lower one, by discover text; the middle is
    left out. Everything else is on above 0.
    """
    features = experiment.subject.features
    stretches = scattered(experiment.subject.corpus, Split.DISCOVER, THIRD_CHARACTERS)
    cuts = np.zeros((2, len(features)))
    values = [experiment.subject.texts.scored(stretch).labels for stretch in stretches]
    for k, feature in enumerate(features):
        if not feature.spec.is_binary:
            column = np.concatenate([v[:, k] for v in values])
            cuts[1, k], cuts[0, k] = thirds(column)
    return cuts


def thirds(values: NDArray[Any]) -> tuple[float, float]:
    """Return up to what a third of the values lie, or a little more, and above what a third."""
    low, high = np.quantile(values, [1 / 3, 2 / 3], method="inverted_cdf")
    if low == high == np.max(values):
        high = np.nextafter(high, -np.inf)
        low = high
    return float(low), float(high)


CONTROLS.register(Ablation.name, Ablation())
