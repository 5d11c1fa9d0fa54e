"""Cause: what the model loses, and where, when a unit is held at its mean.

Taking any unit away costs something somewhere. So what counts is the cost where the feature is on
less the cost where it is off, and it must be beyond what random units of the same layer show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.activations.subject import MEAN_CHARACTERS, Labels, prepare, scattered, windows
from builder.core.evidence import Effect
from builder.core.text import Split
from builder.core.units import UnitId
from builder.evidence.experiment import Evidence, Ground
from builder.evidence.grade import worth_ablating
from builder.evidence.survey import take_means
from builder.models.hold import ablate, random_cells
from builder.models.losses import character_losses, decoder_weights
from builder.models.network import CharNetwork
from builder.models.threads import one_thread
from builder.scoring.effect import CostSums, effect_of
from builder.scoring.prepare import NOT_SCORED

WINDOWS = 64
WINDOW = 2_200
"""Characters of each of the stretches on which costs are taken; the first 200 are not scored."""

THIRD_CHARACTERS = 300_000
"""Characters of discover text that say where the thirds of a count are."""

RANDOM_CELLS = 50

Cell = tuple[int, int]


@dataclass(frozen=True)
class _Scene:
    """What is sent to whoever takes units away.

    Attributes:
        network: Whole.
        means: The mean of the output of each cell, by layer and index.
        texts: Encoded stretches.
        whole: Loss of the whole network after each of their characters, nats.
        on: float32[N, K] of each, 1 where a feature is on and the character is scored.
        off: float32[N, K], 1 where it is off.
        groups: Document group of each.
    """

    network: CharNetwork
    means: Mapping[Cell, float]
    texts: list[NDArray[np.int64]]
    whole: list[NDArray[np.float32]]
    on: list[NDArray[np.float32]]
    off: list[NDArray[np.float32]]
    groups: list[int]


def measure_causes(ground: Ground, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Add the effect of taking the unit away to every claim that it could make better."""
    chosen = [e for e in evidence if worth_ablating(e.tag, e.found, e.held_out, e.controls,
                                                    ground.minimum_r)]
    if not chosen:
        return list(evidence)
    costs = _take_away(ground, [e.pair.unit.cell for e in chosen])
    found = {e.pair: _effect(ground, e, costs) for e in chosen}
    return [replace(e, controls=replace(e.controls, effect=found.get(e.pair)))
            for e in evidence]


def _effect(ground: Ground, evidence: Evidence, costs: Mapping[Cell, CostSums]) -> Effect:
    cell = evidence.pair.unit.cell
    column = ground.feature[evidence.pair.feature]
    others = [costs[c] for c in _random(ground, cell[0]) if c != cell]
    return effect_of(costs[cell], others, column)


def _random(ground: Ground, layer: int) -> list[Cell]:
    return random_cells(ground.subject.network.spec, RANDOM_CELLS, 0, layer)


def _take_away(ground: Ground, cells: Sequence[Cell]) -> dict[Cell, CostSums]:
    """Return what it costs to take each of these cells away, and each random one."""
    random = [c for layer in sorted({c[0] for c in cells}) for c in _random(ground, layer)]
    wanted = list(dict.fromkeys([*cells, *random]))
    scene = _scene(ground)
    size = sum(map(len, scene.texts))
    states = ground.workers.map(_without, scene, wanted, title="taking units away",
                                sizes=[size] * len(wanted))
    out = {}
    for cell, state in zip(wanted, states, strict=True):
        out[cell] = _empty(scene)
        out[cell].merge(state)
    return out


def _without(scene: _Scene, cell: Cell) -> dict[str, NDArray[np.float64]]:
    """Return the sums of what taking one cell away costs."""
    with one_thread():
        held = ablate(scene.network, *cell, scene.means[cell])
        losses = character_losses(held, scene.texts)
        sums = _empty(scene)
        for loss, whole, on, off, group in zip(
                losses, scene.whole, scene.on, scene.off, scene.groups, strict=True):
            sums.add(np.nan_to_num(loss - whole), on, off, group)
        return sums.state()


def _empty(scene: _Scene) -> CostSums:
    return CostSums(scene.on[0].shape[1])


def _scene(ground: Ground) -> _Scene:
    subject = ground.subject
    stretches = windows(subject.corpus, Split.HELD_OUT, WINDOWS, WINDOW)
    prepared = prepare(subject.reading, stretches, ground.table)
    texts = [p.ids for p in prepared]
    cuts = _cuts(ground)
    masks = [_masks(p.labels, p.groups != NOT_SCORED, cuts) for p in prepared]
    with one_thread():
        whole = character_losses(subject.network, texts)
    return _Scene(subject.network, _means(ground), texts, whole, [on for on, _ in masks],
                  [off for _, off in masks], [piece.group for _, piece in stretches])


def _means(ground: Ground) -> dict[Cell, float]:
    """Return the mean of every cell's output, which the readers of a held cell see."""
    output = ground.subject.network.architecture.output
    if output not in {u.signal for u in ground.subject.units}:
        ground = take_means(replace(ground.subject, signals=(output,)), ground.minimum_r,
                            ground.workers, ground.table,
                            scattered(ground.subject.corpus, Split.TRAIN, MEAN_CHARACTERS))
    return {u.cell: float(ground.means.unit_mean[i])
            for i, u in enumerate(ground.subject.units) if u.signal == output}


def _masks(
    labels: NDArray[np.generic], scored: NDArray[np.bool_], cuts: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return where each feature is on and where off; the last character is not predicted."""
    there = scored.copy()
    there[-1:] = False
    on = (labels > cuts[0]) & there[:, None]
    off = (labels <= cuts[1]) & there[:, None]
    return on.astype(np.float32), off.astype(np.float32)


def _cuts(ground: Ground) -> NDArray[np.float64]:
    """Return above what a feature is on, and up to what it is off, float64[2, K].

    A count is on in its upper third and off in its lower one, by discover text; the middle is
    left out. Everything else is on above 0.
    """
    features = ground.subject.features
    stretches = scattered(ground.subject.corpus, Split.DISCOVER, THIRD_CHARACTERS)
    labels = Labels(ground.subject.reading)
    cuts = np.zeros((2, len(features)))
    values = [labels.of(d)[p.scored_start : p.stop] for d, p in stretches]
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


def output_weight(
    network: CharNetwork, unit: UnitId, characters: str, r: float | None
) -> float | None:
    """Return how much likelier than others a unit makes characters, its sign turned with r's.

    Args:
        network: Whose decoder.
        unit: Of the last layer; for any other there is None.
        characters: Those that a future feature predicts; for none there is None.
        r: Correlation of unit and feature.
    """
    weights = decoder_weights(network, *unit.cell)
    known = [i for i in network.spec.vocabulary.encode(characters).tolist() if i]
    if weights is None or not known or r is None:
        return None
    return float((weights[known].mean() - weights.mean()) * np.sign(r))
