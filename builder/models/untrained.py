"""Networks that have learned nothing: what a claim must beat."""

from __future__ import annotations

import torch
from torch import Tensor

from builder.models.architecture import Reads
from builder.models.network import CharNetwork, initialise
from builder.models.spec import ModelSpec

STARTS = ("as training starts", "as PyTorch starts")
KINDS = (*STARTS, "shuffled")
OF_EACH_KIND = 4
TWINS = len(KINDS) * OF_EACH_KIND
"""How many networks that learned nothing there are for a network."""


def untrained_twin(network: CharNetwork, number: int) -> CharNetwork:
    """Return one of 12 networks of the same shape and vocabulary, the same ones every time.

    Four are initialised as training does it, four as PyTorch does by default, and four are
    copies of the network with the weights of each gate matrix in another order.

    Args:
        network: Whose shape, vocabulary and, for the last four, weights.
        number: 0 to 11.
    """
    kind, seed = divmod(number, OF_EACH_KIND)
    if kind < len(STARTS):
        return just_started(network.spec, KINDS[kind], seed)
    return shuffled(network, seed)


def just_started(spec: ModelSpec, how: str, seed: int) -> CharNetwork:
    """Return a network that has read nothing yet, the same one every time.

    Args:
        spec: Its shape and vocabulary.
        how: One of STARTS.
        seed: Which of them.
    """
    if how == STARTS[0]:
        fresh = CharNetwork(spec)
        initialise(fresh, seed)
        return fresh.eval()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return CharNetwork(spec).eval()


def shuffled(network: CharNetwork, seed: int) -> CharNetwork:
    """Return a copy whose layers hold the same weights in another order, block by block."""
    generator = torch.Generator().manual_seed(seed)
    copy = CharNetwork(network.spec)
    copy.load_state_dict(network.state_dict())
    for number in range(network.spec.num_layers):
        weights = copy.layer(number).weights
        for parameter in network.architecture.parameters:
            if parameter.reads is not Reads.NOTHING:
                for block in weights[parameter.name].chunk(parameter.blocks):
                    block.copy_(_permuted(block, generator))
    return copy.eval()


def _permuted(matrix: Tensor, generator: torch.Generator) -> Tensor:
    order = torch.randperm(matrix.numel(), generator=generator)
    return matrix.flatten()[order].view_as(matrix)
