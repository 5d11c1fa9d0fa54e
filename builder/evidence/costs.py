"""Units held at their mean, one at a time: what the model loses at every character.

Readers of the unit see a constant; costs are added up where something holds, and where it does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.activations.source import ActivationSource
from builder.core.units import UnitId
from builder.models.hold import drawn
from builder.models.threads import one_thread
from builder.scoring.effect import CostSums
from builder.work import Workers

TOGETHER = 4
"""Units of a share of work: what hangs on the text alone is done once for all of them."""

RANDOM_CELLS = 50


@dataclass(frozen=True)
class Scene:
    """What is sent to whoever takes units away.

    Attributes:
        source: Whole.
        means: The mean of each unit that can be held.
        texts: Encoded stretches.
        whole: Loss of the whole network after each of their characters, nats.
        on: float32[N, K] of each, 1 where a feature is on and the character is scored.
        off: float32[N, K], 1 where it is off.
        groups: Document group of each.
        first: The first character of each that is scored.
    """

    source: ActivationSource
    means: Mapping[UnitId, float]
    texts: list[NDArray[np.int64]]
    whole: list[NDArray[np.float32]]
    on: list[NDArray[np.float32]]
    off: list[NDArray[np.float32]]
    groups: list[int]
    first: list[int]


def random_of(source: ActivationSource, unit: UnitId) -> list[UnitId]:
    """Return the random units of its layer that one is compared with."""
    return drawn(source.peers(unit), RANDOM_CELLS, 0)


def with_random(source: ActivationSource, units: Sequence[UnitId]) -> list[UnitId]:
    """Return units, and after them the random ones that they are compared with."""
    kinds = {(u.layer, u.signal): u for u in units}
    return [*units, *(u for kind in sorted(kinds) for u in random_of(source, kinds[kind]))]


def take_away(
    workers: Workers, scene: Scene, units: Sequence[UnitId]
) -> dict[UnitId, CostSums]:
    """Return what it costs to take each of some units away.

    Args:
        workers: Who reads.
        scene: The source, and where costs are taken.
        units: Which; one that is named twice is taken away once.
    """
    wanted = list(dict.fromkeys(units))
    size = sum(map(len, scene.texts))
    shares = [tuple(wanted[i : i + TOGETHER]) for i in range(0, len(wanted), TOGETHER)]
    found = workers.map(_without, scene, shares, title="freezing units",
                        sizes=[size * len(share) for share in shares])
    out = {}
    for share, states in zip(shares, found, strict=True):
        for i, unit in enumerate(share):
            out[unit] = _empty(scene)
            out[unit].merge({name: of_all[i] for name, of_all in states.items()})
    return out


def _without(scene: Scene, units: Sequence[UnitId]) -> dict[str, NDArray[np.float64]]:
    """Return the sums of what taking each of some units away costs, one above the other."""
    with one_thread():
        losses = scene.source.losses_without(
            scene.texts, [(unit, scene.means[unit]) for unit in units], scene.first)
        sums = [_empty(scene) for _ in units]
        for text, (whole, on, off, group) in enumerate(zip(
                scene.whole, scene.on, scene.off, scene.groups, strict=True)):
            on, off = on.astype(np.float64), off.astype(np.float64)  # once for all units
            for of_unit, without in zip(sums, losses, strict=True):
                of_unit.add(np.nan_to_num(without[text] - whole), on, off, group)
        return {name: np.stack([s.state()[name] for s in sums]) for name in sums[0].state()}


def _empty(scene: Scene) -> CostSums:
    return CostSums(scene.on[0].shape[1])
