"""A network in which one unit is held at a constant, as far as anybody else can see."""

from __future__ import annotations

import numpy as np

from builder.models.network import CharNetwork
from builder.models.spec import ModelSpec


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


def random_cells(
    spec: ModelSpec, count: int, seed: int, layer: int | None = None
) -> list[tuple[int, int]]:
    """Return distinct cells (layer, index), the same ones for a seed; all where there are fewer."""
    layers = range(spec.num_layers) if layer is None else [layer]
    cells = [(at, index) for at in layers for index in range(spec.hidden_size)]
    order = np.random.Generator(np.random.PCG64(seed)).permutation(len(cells))
    return [cells[i] for i in order[:count].tolist()]
