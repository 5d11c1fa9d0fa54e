"""What stacks of layers have in common that PyTorch has no module for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from builder.models.architecture import Architecture, State
from builder.models.pytorch import fine


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


class SteppedStack(Stack):
    """A stack in which each layer is a loop over steps, and all of its blocks read the input and h.

    h is the first part of the state.
    """

    @abstractmethod
    def step(self, given: Tensor, state: Sequence[Tensor]) -> Sequence[Tensor]:
        """Return the state of a layer after a step, each part [B, H].

        Args:
            given: W_i x + b_i + W_h h + b_h, [B, blocks · H].
            state: Before the step, each part [B, H].
        """

    def forward(self, below: Tensor, before: State) -> tuple[Tensor, State]:
        """Return h of the uppermost layer, [T, B, H], and the state after, each [L, B, H]."""
        after = []
        for number in range(self.num_layers):
            if number:
                below = nn.functional.dropout(below, self.dropout, self.training)
            below, last = self._layer(number, below, [part[number] for part in before])
            after.append(last)
        return below, tuple(torch.stack(parts) for parts in zip(*after, strict=True))

    def _layer(
        self, number: int, below: Tensor, state: Sequence[Tensor]
    ) -> tuple[Tensor, Sequence[Tensor]]:
        w_i, w_h, b_i, b_h = (getattr(self, f"{name}_l{number}") for name in (
            "weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        out = []
        for given in linear(below, w_i, b_i + b_h).unbind():
            state = self.step(fine(given + linear(state[0], w_h)), state)
            out.append(state[0])
        return torch.stack(out), state


class Stepped(Architecture):
    """An architecture of such stacks.

    Attributes:
        stacked_in: Their class.
    """

    stacked_in: ClassVar[type[SteppedStack]]

    def stack(self, inputs: int, hidden: int, layers: int, dropout: float = 0.0) -> nn.Module:
        """Return layers that start as PyTorch's own do."""
        return self.stacked_in(self.shapes(inputs, hidden, layers), inputs, hidden, layers,
                               dropout)

    def run(self, stack: nn.Module, inputs: Tensor, state: State) -> tuple[Tensor, State]:
        """Read a block with all layers, step by step."""
        output, after = stack(inputs, state)
        return output, after

    def is_kind_of(self, module: nn.Module) -> bool:
        """Tell whether a module is a stack of these."""
        return isinstance(module, self.stacked_in)


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
