"""A network in which one unit is held at a constant, as far as anybody else can see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from builder.models.network import CharNetwork

Unit = TypeVar("Unit")


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


def drawn(units: Sequence[Unit], count: int, seed: int) -> list[Unit]:
    """Return distinct ones of some units, the same for a seed; all where there are fewer."""
    order = np.random.Generator(np.random.PCG64(seed)).permutation(len(units))
    return [units[i] for i in order[:count].tolist()]
