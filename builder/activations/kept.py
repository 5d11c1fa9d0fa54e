"""How much of its state each unit keeps from step to step, where a gate says so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from builder.activations.carried import values_over
from builder.activations.signals import units_of
from builder.core.shown import Explored
from builder.core.units import UnitId
from builder.models.network import CharNetwork


def kept_units(network: CharNetwork) -> tuple[UnitId, ...]:
    """Return the units whose state a gate keeps, U of them, in the order of `kept_over`."""
    keeping = network.architecture.keeping
    states = {gate: state for state, gate in keeping.items()}
    return tuple(UnitId(states[unit.signal], *unit.cell)
                 for unit in units_of(network.spec, tuple(keeping.values())))


def kept_over(network: CharNetwork, excerpts: Sequence[Explored]) -> NDArray[np.float64]:
    """Read excerpts, each from the state before it; return the share of each state that is kept.

    Args:
        network: Whose.
        excerpts: N characters in all.

    Returns:
        float64[N, U], one excerpt after the other.

    Raises:
        ValueError: A state is none of this network.
    """
    architecture = network.architecture
    gates = values_over(network, excerpts, tuple(architecture.keeping.values()))
    kept: NDArray[np.float64] = architecture.kept(
        torch.from_numpy(np.concatenate(gates)).double()).numpy()
    return kept
