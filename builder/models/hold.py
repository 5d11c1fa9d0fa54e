"""A network in which one unit is held at a constant, as far as anybody else can see."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from builder.models.network import CharNetwork


def ablate(network: CharNetwork, layer: int, index: int, value: float) -> CharNetwork:
    """Return a copy in which every reader of a cell's output sees a constant instead.

    Args:
        network: Not changed.
        layer: From 0.
        index: Cell of the layer.
        value: What the readers see.
    """
    held = CharNetwork(network.spec)
    held.load_state_dict(network.state_dict())
    held.architecture.hold(held, layer, index, value)
    return held.train(network.training).requires_grad_(False)


def drawn(
    cells: Sequence[tuple[int, int]], count: int, seed: int
) -> list[tuple[int, int]]:
    """Return distinct ones of some cells, the same for a seed; all where there are fewer."""
    order = np.random.Generator(np.random.PCG64(seed)).permutation(len(cells))
    return [cells[i] for i in order[:count].tolist()]
