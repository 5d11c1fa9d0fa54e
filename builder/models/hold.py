"""A network in which one unit is held at a constant, as far as anybody else can see."""

from __future__ import annotations

import numpy as np

from builder.models.network import CharNetwork
from builder.models.spec import ModelSpec


def ablate(network: CharNetwork, layer: int, index: int, value: float) -> CharNetwork:
    """Return a copy in which every reader of a unit's h sees a constant instead.

    Readers are the recurrence of its own layer, the layer above and the decoder. With W[:, j] the
    weights that read the unit, b += W[:, j] · value and W[:, j] = 0 is exact, for all three
    architectures: a GRU's candidate reads h through b_hn + W_hn h, so the shift belongs there,
    and z ∘ h reads each unit by itself.

    Args:
        network: Not changed.
        layer: From 0.
        index: Unit of the layer.
        value: What the readers see.
    """
    held = CharNetwork(network.spec)
    state = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    readers = [(f"rnn.weight_hh_l{layer}", f"rnn.bias_hh_l{layer}")]
    if layer + 1 < network.spec.num_layers:
        readers.append((f"rnn.weight_ih_l{layer + 1}", f"rnn.bias_ih_l{layer + 1}"))
    else:
        readers.append(("decoder.weight", "decoder.bias"))
    for weight, bias in readers:
        state[bias] += state[weight][:, index] * value
        state[weight][:, index] = 0.0
    held.load_state_dict(state)
    return held.train(network.training).requires_grad_(False)


def random_cells(
    spec: ModelSpec, count: int, seed: int, layer: int | None = None
) -> list[tuple[int, int]]:
    """Return distinct cells (layer, index), the same ones for a seed; all where there are fewer."""
    layers = range(spec.num_layers) if layer is None else [layer]
    cells = [(at, index) for at in layers for index in range(spec.hidden_size)]
    order = np.random.Generator(np.random.PCG64(seed)).permutation(len(cells))
    return [cells[i] for i in order[:count].tolist()]
