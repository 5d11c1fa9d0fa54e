"""What architectures have in common whose gates come from the input alone."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from builder.models.architecture import Held, Layer, LayerReader, State
from builder.models.pytorch import fine
from builder.models.scan import scan
from builder.models.stack import HeldStack, StackedHeld

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

    def layer(
        self, number: int, below: Tensor, state: Sequence[Tensor]
    ) -> tuple[Tensor, Sequence[Tensor]]:
        """Read all steps of a block with a layer at once."""
        names = [parameter.name for parameter in self.architecture.parameters]
        weights = dict(zip(names, self.weights(number, *names), strict=True))
        keep, add, _ = self.architecture.inside(weights, below)
        h = self.overwritten(number, scan(keep, add, state[0]))
        return self.architecture.seen(weights, below, h), [h[-1]]


class InputGated(StackedHeld):
    """h_t = a_t ∘ h_{t−1} + b_t, with a_t and b_t from the input x_t alone.

    Training reads all steps of a block at once (`scan`), reading goes step by step. h is the only
    state; what the layer above and the decoder read is h, unless `seen` makes something else of it.
    """

    holds_streams = True
    stacked_in = InputGatedStack

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

    def reader(self, layer: Layer, signals: Sequence[str]) -> LayerReader:
        """Return a loop over steps; what comes of the input is known before it."""
        return _Reader(self, layer)

    def is_kind_of(self, module: nn.Module) -> bool:
        """Tell whether a module is a stack of these, with no cell held."""
        return (isinstance(module, InputGatedStack) and super().is_kind_of(module)
                and module.architecture.name == self.name)  # a copy has one of its own


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
