"""The LSTM of Keras before version 2.3: its gates are hard sigmoids."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from builder.models.architecture import Layer, LayerReader, State
from builder.models.architectures import ARCHITECTURES
from builder.models.architectures.lstm import Lstm, LstmReader
from builder.models.hard import hard_sigmoid, hard_sigmoid_
from builder.models.pytorch import fine
from builder.models.stack import Stack


class LstmHard(Lstm):
    """An LSTM whose gates can be wholly shut and wholly open.

    i_t, f_t, o_t = min(1, max(0, 0.2 (W_i x_t + b_i + W_h h_{t−1} + b_h) + 0.5)), a block each
    g_t = tanh(of the same, its own block)
    c_t = f_t ∘ c_{t−1} + i_t ∘ g_t
    h_t = o_t ∘ tanh(c_t)

    Source:
        Keras 1 and 2, `recurrent_activation="hard_sigmoid"`, which was what `LSTM` had by itself.
    """

    name, title = "lstmhard", "an LSTM (hard gates)"

    def stack(self, inputs: int, hidden: int, layers: int, dropout: float = 0.0) -> nn.Module:
        """Return layers that start as PyTorch's own do."""
        return _Stack(self.shapes(inputs, hidden, layers), inputs, hidden, layers, dropout)

    def run(self, stack: nn.Module, inputs: Tensor, state: State) -> tuple[Tensor, State]:
        """Read a block with all layers, step by step."""
        output, after = stack(inputs, state)
        return output, after

    def reader(self, layer: Layer, signals: Sequence[str]) -> LayerReader:
        """Return a loop over steps: gates are had on the way, and c as it is."""
        return LstmReader(layer, hard_sigmoid_)

    def is_kind_of(self, module: nn.Module) -> bool:
        """Tell whether a module is a stack of these."""
        return isinstance(module, _Stack)


class _Stack(Stack):
    """Layers one above another, each a loop over steps."""

    def forward(self, below: Tensor, before: State) -> tuple[Tensor, State]:
        """Return h of the uppermost layer, [T, B, H], and the state after, each [L, B, H]."""
        after = []
        for number in range(self.num_layers):
            if number:
                below = nn.functional.dropout(below, self.dropout, self.training)
            below, last = self._layer(number, below, before[0][number], before[1][number])
            after.append((below[-1], last))
        return below, tuple(torch.stack(parts) for parts in zip(*after, strict=True))

    def _layer(
        self, number: int, below: Tensor, h: Tensor, c: Tensor
    ) -> tuple[Tensor, Tensor]:
        w_i, w_h, b_i, b_h = (getattr(self, f"{name}_l{number}") for name in (
            "weight_ih", "weight_hh", "bias_ih", "bias_hh"))
        out = []
        for given in linear(below, w_i, b_i + b_h).unbind():
            i, f, g, o = fine(given + linear(h, w_h)).chunk(4, -1)
            c = hard_sigmoid(f) * c + hard_sigmoid(i) * g.tanh()
            h = hard_sigmoid(o) * c.tanh()
            out.append(h)
        return torch.stack(out), c


ARCHITECTURES.register(LstmHard.name, LstmHard())
