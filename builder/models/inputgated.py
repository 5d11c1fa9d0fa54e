"""What architectures have in common whose gates come from the input alone."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from builder.models.architecture import Architecture, Held, Layer, LayerReader, Network, State
from builder.models.pytorch import fine
from builder.models.scan import scan
from builder.models.stack import HeldStack

LONGEST = 64.0
"""Steps that the slowest units keep what they have, as training starts."""

Weights = Mapping[str, Tensor]


class Inside(NamedTuple):
    """What a layer makes of its input, before it looks at its state; each [..., H].

    Attributes:
        keep: a, what the state is multiplied by.
        add: b, what is added to it.
        signals: Gates and candidates by name.
    """

    keep: Tensor
    add: Tensor
    signals: Mapping[str, Tensor]


class InputGated(Architecture):
    """h_t = a_t ∘ h_{t−1} + b_t, with a_t and b_t from the input x_t alone.

    Training reads all steps of a block at once (`scan`), reading goes step by step. h is the only
    state; what the layer above and the decoder read is h, unless `seen` makes something else of it.
    """

    holds_streams = True

    @abstractmethod
    def inside(self, weights: Weights, x: Tensor) -> Inside:
        """Return what a layer makes of its input.

        Args:
            weights: By the names of the parameters.
            x: [..., E], also as a table of all embeddings.
        """

    def seen(self, weights: Weights, x: Tensor, h: Tensor) -> Tensor:
        """Return what is read of a layer, [..., H], from its input and its state."""
        return h

    def stack(self, inputs: int, hidden: int, layers: int, dropout: float = 0.0) -> nn.Module:
        """Return layers that start as PyTorch's own do."""
        return InputGatedStack(self, inputs, hidden, layers, dropout)

    def run(self, stack: nn.Module, inputs: Tensor, state: State) -> tuple[Tensor, State]:
        """Read a block with all layers."""
        output, after = stack(inputs, state[0])
        return output, (after,)

    def reader(self, layer: Layer, signals: Sequence[str]) -> LayerReader:
        """Return a loop over steps; what comes of the input is known before it."""
        return _Reader(self, layer)

    def is_kind_of(self, module: nn.Module) -> bool:
        """Tell whether a module is a stack of these, with no cell held."""
        return (isinstance(module, InputGatedStack) and not module.held
                and module.architecture.name == self.name)  # a copy has one of its own

    def hold(self, network: Network, layer: int, index: int, value: float) -> None:
        """Hold a cell in place: its state is overwritten wherever it is read."""
        assert isinstance(network.rnn, InputGatedStack)
        network.rnn.held[layer, index] = value


class InputGatedStack(HeldStack):
    """Layers one above another, each a scan over all steps of a block.

    Args:
        architecture: Of all layers.
        inputs: E of the lowest.
        hidden: H.
        layers: L.
        dropout: Share of the output of each layer but the uppermost that training leaves out.
    """

    def __init__(
        self, architecture: InputGated, inputs: int, hidden: int, layers: int, dropout: float
    ) -> None:
        super().__init__(architecture.shapes(inputs, hidden, layers), inputs, hidden, layers,
                         dropout)
        self.architecture = architecture

    def forward(self, below: Tensor, before: Tensor) -> tuple[Tensor, Tensor]:
        """Return the output of the uppermost layer, [T, B, H], and the state after, [L, B, H]."""
        after = []
        for number in range(self.num_layers):
            if number:
                below = nn.functional.dropout(below, self.dropout, self.training)
            weights = {p.name: getattr(self, f"{p.name}_l{number}")
                       for p in self.architecture.parameters}
            keep, add, _ = self.architecture.inside(weights, below)
            h = self.overwritten(number, scan(keep, add, before[number]))
            after.append(h[-1])
            below = self.architecture.seen(weights, below, h)
        return below, torch.stack(after)


class _Reader:
    """One line a step; in layer 0 gates and candidates come from a table of the characters.

    Args:
        architecture: What the layer computes.
        layer: The weights.
    """

    def __init__(self, architecture: InputGated, layer: Layer) -> None:
        self._architecture, self._weights = architecture, layer.weights
        self._table = (None if layer.embedding is None
                       else architecture.inside(layer.weights, layer.embedding))

    def read(
        self, ids: Tensor, inputs: Tensor, before: State, out: Mapping[str, Tensor],
        held: Held | None = None,
    ) -> tuple[Tensor, State]:
        given, last = self._given(ids, inputs), before[0][0]
        h = out["h"] if "h" in out else torch.empty_like(given.add)
        for keep, add, now in zip(given.keep, given.add, h, strict=True):
            last = torch.addcmul(add, keep, last, out=now)
            if held is not None:
                held.put(now)
        if "dh" in out:
            torch.sub(h, torch.cat([before[0], h[:-1]]), out=out["dh"])
        for name in given.signals.keys() & out.keys():
            out[name].copy_(given.signals[name])
        return self._architecture.seen(self._weights, inputs, h), (last[None].clone(),)

    def _given(self, ids: Tensor, inputs: Tensor) -> Inside:
        if self._table is None:
            return self._architecture.inside(self._weights, inputs)
        keep, add, signals = self._table
        return Inside(keep[ids], add[ids], {name: of[ids] for name, of in signals.items()})


def affine(weights: Weights, name: str, x: Tensor) -> Tensor:
    """Return W x + b of the parameters `weight_NAME` and `bias_NAME`, float32 or finer."""
    return fine(linear(x, weights[f"weight_{name}"], weights[f"bias_{name}"]))


def slowly(bias: Tensor, generator: torch.Generator) -> None:
    """Set the bias of a gate that renews, so that units keep what they have for 1 to 64 steps.

    σ(−ln n) = 1 / (1 + n): a unit renews a share of about one over the n steps that it lasts. As
    many units last 1 to 2 steps as 32 to 64: what was just read has to get through all layers.

    Source:
        After Tallec and Ollivier 2018, Can recurrent neural networks warp time?, where n is even.
    """
    bias.copy_(-math.log(LONGEST) * torch.rand(bias.shape, generator=generator))
