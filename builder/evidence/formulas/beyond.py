"""r″ of claims about single features: what is left of unit and feature beyond a reservoir."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.scores import Estimate, Pair
from builder.core.text import Split
from builder.evidence.formulas.ground import Ground
from builder.evidence.formulas.scene import Scene, Text
from builder.scoring.reservoir import mixed, mixing
from builder.scoring.within import centred, estimates, left_of, variance_of


@dataclass(frozen=True)
class _Sides:
    """Units and features of a split, freed of their means after each pair of steps.

    Attributes:
        units: float32[N, U].
        features: float32[N, K].
        units_vary: bool[U], where more than rounding is left.
        features_vary: bool[K], the same.
    """

    units: NDArray[np.float32]
    features: NDArray[np.float32]
    units_vary: NDArray[np.bool_]
    features_vary: NDArray[np.bool_]


def beyond_reservoir(
    ground: Ground, scene: Scene, pairs: Sequence[Pair]
) -> dict[Pair, Estimate]:
    """Return held-out r″ of pairs; of pairs of other signals nothing, nor without a reservoir.

    Args:
        ground: The source on its text.
        scene: The two texts.
        pairs: A unit and a feature each.
    """
    column = {unit: i for i, unit in enumerate(ground.reading.units)}
    feature = {id_: k for k, id_ in enumerate(ground.reading.feature_ids)}
    known = [p for p in pairs if p.unit in column and p.feature in feature]
    if not (known and scene.has_reservoir):
        return {}
    units, unit_of = np.unique([column[p.unit] for p in known], return_inverse=True)
    features, feature_of = np.unique([feature[p.feature] for p in known], return_inverse=True)
    fitted = _sides(ground, Split.DISCOVER, scene.discover, units, features)
    judged = _sides(ground, Split.HELD_OUT, scene.held_out, units, features)
    weights = mixing(scene.discover.reservoir, fitted.units, fitted.features)
    left, beside = (side - mixed(scene.held_out.reservoir, w) for side, w in zip(
        (judged.units, judged.features), weights, strict=True))
    found = estimates(left, beside, scene.held_out.places.groups, unit_of.tolist(),
                      feature_of.tolist())
    good = judged.units_vary[unit_of] & judged.features_vary[feature_of]
    return {pair: one for pair, one, is_good in zip(known, found, good, strict=True) if is_good}


def _sides(
    ground: Ground, split: Split, text: Text, units: NDArray[np.intp], features: NDArray[np.intp]
) -> _Sides:
    source = ground.subject.source
    h = ground.values(source, split, "words: claims beyond a reservoir")[:, units]
    f = text.places.labels[:, features].astype(np.float32)
    before = variance_of(h), variance_of(f)
    h, f = (centred(side, text.places.bigrams) for side in (h, f))
    return _Sides(h, f, left_of(h, before[0]) > 0, left_of(f, before[1]) > 0)
