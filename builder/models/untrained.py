"""Networks that have learned nothing: what a claim must beat."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor

from builder.core.model import GATES, ModelSpec
from builder.models.network import CharNetwork, initialise

OF_EACH_KIND = 4


def unlearned(network: CharNetwork) -> Iterator[CharNetwork]:
    """Yield 12 networks of the same shape and vocabulary, the same ones every time.

    Four are initialised as training does it, four as PyTorch does by default, and four are
    copies of the network with the weights of each gate matrix in another order.
    """
    for seed in range(OF_EACH_KIND):
        fresh = CharNetwork(network.spec)
        initialise(fresh, seed)
        yield fresh.eval()
    for seed in range(OF_EACH_KIND):
        yield _default(network.spec, seed)
    for seed in range(OF_EACH_KIND):
        yield shuffled(network, seed)


def _default(spec: ModelSpec, seed: int) -> CharNetwork:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return CharNetwork(spec).eval()


def shuffled(network: CharNetwork, seed: int) -> CharNetwork:
    """Return a copy whose gate matrices hold the same numbers in another order."""
    generator = torch.Generator().manual_seed(seed)
    copy = CharNetwork(network.spec)
    state = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    for name, tensor in state.items():
        if "weight_ih" in name or "weight_hh" in name:
            gates = tensor.chunk(GATES[network.spec.architecture])
            state[name] = torch.cat([_permuted(gate, generator) for gate in gates])
    copy.load_state_dict(state)
    return copy.eval()


def _permuted(matrix: Tensor, generator: torch.Generator) -> Tensor:
    order = torch.randperm(matrix.numel(), generator=generator)
    return matrix.flatten()[order].view_as(matrix)
