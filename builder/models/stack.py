"""What stacks of layers have in common that PyTorch has no module for."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn


class Stack(nn.Module):
    """Layers one above another, with weights that start as PyTorch's own do.

    Args:
        shapes: Of the weights, by name.
        inputs: E of the lowest.
        hidden: H.
        layers: L.
        dropout: Share of the output of each layer but the uppermost that training leaves out.
    """

    bidirectional = False

    def __init__(
        self, shapes: Mapping[str, tuple[int, ...]], inputs: int, hidden: int, layers: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.input_size, self.hidden_size, self.num_layers = inputs, hidden, layers
        self.dropout = dropout
        for name, shape in shapes.items():
            fresh = torch.empty(shape).uniform_(-(hidden**-0.5), hidden**-0.5)
            self.register_parameter(name, nn.Parameter(fresh))


class HeldStack(Stack):
    """A stack in which the output of a cell can be a constant.

    Attributes:
        held: Layer and index of each such cell, and its value.
    """

    def __init__(
        self, shapes: Mapping[str, tuple[int, ...]], inputs: int, hidden: int, layers: int,
        dropout: float,
    ) -> None:
        super().__init__(shapes, inputs, hidden, layers, dropout)
        self.held: dict[tuple[int, int], float] = {}

    def overwritten(self, number: int, h: Tensor) -> Tensor:
        """Return the output of a layer, [..., H], with the constants of its cells in it."""
        held = {index: value for (layer, index), value in self.held.items() if layer == number}
        if not held:
            return h
        h = h.clone()
        for index, value in held.items():
            h[..., index] = value
        return h
