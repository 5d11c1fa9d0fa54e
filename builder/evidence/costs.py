"""Units held at their mean, one at a time: what the model loses at every character.

Readers of the unit see a constant; costs are added up where something holds, and where it does not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.models.hold import ablate, random_cells
from builder.models.losses import Hold, character_losses
from builder.models.network import CharNetwork
from builder.models.threads import one_thread
from builder.scoring.effect import CostSums
from builder.work import Workers

TOGETHER = 4
"""Cells of a share of work: what hangs on the text alone is done once for all of them."""

RANDOM_CELLS = 50

Cell = tuple[int, int]


@dataclass(frozen=True)
class Scene:
    """What is sent to whoever takes units away.

    Attributes:
        network: Whole.
        means: The mean of the output of each cell, by layer and index.
        texts: Encoded stretches.
        whole: Loss of the whole network after each of their characters, nats.
        on: float32[N, K] of each, 1 where a feature is on and the character is scored.
        off: float32[N, K], 1 where it is off.
        groups: Document group of each.
        first: The first character of each that is scored.
    """

    network: CharNetwork
    means: Mapping[Cell, float]
    texts: list[NDArray[np.int64]]
    whole: list[NDArray[np.float32]]
    on: list[NDArray[np.float32]]
    off: list[NDArray[np.float32]]
    groups: list[int]
    first: list[int]


def random_of(network: CharNetwork, layer: int) -> list[Cell]:
    """Return the random cells of a layer that others are compared with."""
    return random_cells(network.spec, RANDOM_CELLS, 0, layer)


def take_away(workers: Workers, scene: Scene, cells: Sequence[Cell]) -> dict[Cell, CostSums]:
    """Return what it costs to take each of some cells away.

    Args:
        workers: Who reads.
        scene: The network, and where costs are taken.
        cells: Which; one that is named twice is taken away once.
    """
    wanted = list(dict.fromkeys(cells))
    size = sum(map(len, scene.texts))
    shares = [tuple(wanted[i : i + TOGETHER]) for i in range(0, len(wanted), TOGETHER)]
    found = workers.map(_without, scene, shares, title="freezing units",
                                   sizes=[size * len(share) for share in shares])
    out = {}
    for share, states in zip(shares, found, strict=True):
        for i, cell in enumerate(share):
            out[cell] = _empty(scene)
            out[cell].merge({name: of_all[i] for name, of_all in states.items()})
    return out


def _without(scene: Scene, cells: Sequence[Cell]) -> dict[str, NDArray[np.float64]]:
    """Return the sums of what taking each of some cells away costs, one above the other."""
    with one_thread():
        losses = _losses(scene, cells)
        sums = [_empty(scene) for _ in cells]
        for text, (whole, on, off, group) in enumerate(zip(
                scene.whole, scene.on, scene.off, scene.groups, strict=True)):
            on, off = on.astype(np.float64), off.astype(np.float64)  # once for all cells
            for of_cell, without in zip(sums, losses, strict=True):
                of_cell.add(np.nan_to_num(without[text] - whole), on, off, group)
        return {name: np.stack([s.state()[name] for s in sums]) for name in sums[0].state()}


def _losses(scene: Scene, cells: Sequence[Cell]) -> list[list[NDArray[np.float32]]]:
    """Return the losses on all texts without each cell: side by side where that can be done.

    Overwriting a cell's output is the same as the changed weights of `ablate`, to rounding.
    """
    network, texts = scene.network, scene.texts
    if not network.architecture.holds_streams:
        return [character_losses(ablate(network, *cell, scene.means[cell]), texts,
                                 first=scene.first) for cell in cells]
    held = [Hold(*cell, scene.means[cell]) for cell in cells for _ in texts]
    count = len(texts)
    found = character_losses(network, texts * len(cells), len(held), scene.first * len(cells),
                             held)
    return [found[n * count : (n + 1) * count] for n in range(len(cells))]


def _empty(scene: Scene) -> CostSums:
    return CostSums(scene.on[0].shape[1])
