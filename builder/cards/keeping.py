"""How much of each unit's state its gate keeps, over the excerpts that all units are read over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from builder.activations.carried import values_from
from builder.activations.signals import units_of
from builder.core.shown import Explored, Keeping
from builder.core.units import UnitId
from builder.models.network import CharNetwork


def keepings(network: CharNetwork, explored: Sequence[Explored]) -> tuple[Keeping, ...]:
    """Return the mean share that is kept of each unit whose state a gate keeps.

    Args:
        network: Whose units.
        explored: Excerpts; those without the state before them are left out.

    Returns:
        Units as `units_of` has them; nothing where no gate keeps a state, or no excerpt is left.

    Raises:
        ValueError: The state before an excerpt is none of this network.
    """
    keeping = network.architecture.keeping
    texts = [excerpt for excerpt in explored if excerpt.before]
    if not keeping or not texts:
        return ()
    gates = tuple(keeping.values())
    read = [values_from(network, one.before, one.text, gates) for one in texts]
    kept = network.architecture.kept(torch.from_numpy(np.concatenate(read)).double())
    states = {gate: state for state, gate in keeping.items()}
    return tuple(
        Keeping(UnitId(states[unit.signal], *unit.cell), share) for unit, share in
        zip(units_of(network.spec, gates), kept.mean(0).tolist(), strict=True))
