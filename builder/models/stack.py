"""Stacks of layers that PyTorch has no module for, and architectures of such."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from builder.models.architecture import Architecture, Network, State
from builder.models.pytorch import fine

NAMES = "weight_ih", "weight_hh", "bias_ih", "bias_hh"
"""Tensors of a layer that is stacked as those of PyTorch are."""


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

    @abstractmethod
    def layer(
        self, number: int, below: Tensor, state: Sequence[Tensor]
    ) -> tuple[Tensor, Sequence[Tensor]]:
        """Read a block of steps with a layer.

        Args:
            number: Of the layer, from 0.
            below: What it reads, [T, B, E].
            state: Before the first step, each part [B, H].

        Returns:
            What is read of it after each step, [T, B, H], and the state after the last.
        """

    def forward(self, below: Tensor, before: State) -> tuple[Tensor, State]:
        """Return what is read of the uppermost layer, [T, B, H], and the state, each [L, B, H]."""
        after = []
        for number in range(self.num_layers):
            if number:
                below = nn.functional.dropout(below, self.dropout, self.training)
            below, last = self.layer(number, below, [part[number] for part in before])
            after.append(last)
        return below, tuple(torch.stack(parts) for parts in zip(*after, strict=True))

    def weights(self, number: int, *names: str) -> list[Tensor]:
        """Return tensors of a layer, by the names of the architecture's parameters."""
        return [getattr(self, f"{name}_l{number}") for name in names]


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

    def layer(
        self, number: int, below: Tensor, state: Sequence[Tensor]
    ) -> tuple[Tensor, Sequence[Tensor]]:
        """Read a block of steps with a layer, step by step."""
        w_i, w_h, b_i, b_h = self.weights(number, *NAMES)
        out = []
        for given in linear(below, w_i, b_i + b_h).unbind():
            state = self.step(fine(given + linear(state[0], w_h)), state)
            out.append(state[0])
        return torch.stack(out), state


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


class Stacked(Architecture):
    """An architecture whose fast pass is a stack.

    Attributes:
        stacked_in: Its class.
    """

    stacked_in: ClassVar[type[Stack]]

    def stack(self, inputs: int, hidden: int, layers: int, dropout: float = 0.0) -> nn.Module:
        """Return layers that start as PyTorch's own do."""
        return self.stacked_in(self.shapes(inputs, hidden, layers), inputs, hidden, layers,
                               dropout)

    def run(self, stack: nn.Module, inputs: Tensor, state: State) -> tuple[Tensor, State]:
        """Read a block with all layers."""
        output, after = stack(inputs, state)
        return output, after

    def is_kind_of(self, module: nn.Module) -> bool:
        """Tell whether a module is a stack of these."""
        return type(module) is self.stacked_in


class StackedHeld(Stacked):
    """An architecture whose stack holds cells: its layers read them not by products alone.

    Attributes:
        stacked_in: Its class.
    """

    stacked_in: ClassVar[type[HeldStack]]

    def is_kind_of(self, module: nn.Module) -> bool:
        """Tell whether a module is a stack of these, with no cell held."""
        return isinstance(module, HeldStack) and super().is_kind_of(module) and not module.held

    def hold(self, network: Network, layer: int, index: int, value: float) -> None:
        """Hold a cell in place: it is overwritten wherever it is read."""
        assert isinstance(network.rnn, HeldStack)
        network.rnn.held[layer, index] = value
