"""How much of its state each unit keeps from step to step, where a gate says so."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from builder.activations.carried import values_from
from builder.activations.signals import units_of
from builder.core.units import UnitId
from builder.models.network import CharNetwork


def kept_units(network: CharNetwork) -> tuple[UnitId, ...]:
    """Return the units whose state a gate keeps, U of them, in the order of `kept_from`."""
    keeping = network.architecture.keeping
    states = {gate: state for state, gate in keeping.items()}
    return tuple(UnitId(states[unit.signal], *unit.cell)
                 for unit in units_of(network.spec, tuple(keeping.values())))


def kept_from(network: CharNetwork, before: bytes, text: str) -> NDArray[np.float64]:
    """Read a text from a state on; return the share of each state that is kept, [N, U].

    Args:
        network: Whose.
        before: As of `values_from`.
        text: N characters.

    Raises:
        ValueError: The state is none of this network.
    """
    architecture = network.architecture
    gates = values_from(network, before, text, tuple(architecture.keeping.values()))
    kept: NDArray[np.float64] = architecture.kept(torch.from_numpy(gates).double()).numpy()
    return kept
