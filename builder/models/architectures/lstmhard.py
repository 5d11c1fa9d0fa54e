"""The LSTM of Keras before version 2.3: its gates are hard sigmoids."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from builder.models.architecture import Layer, LayerReader
from builder.models.architectures import ARCHITECTURES
from builder.models.architectures.lstm import Lstm, LstmReader
from builder.models.hard import hard_sigmoid, hard_sigmoid_
from builder.models.stack import Stacked, SteppedStack


class _Stack(SteppedStack):
    def step(self, given: Tensor, state: Sequence[Tensor]) -> Sequence[Tensor]:
        i, f, g, o = given.chunk(4, -1)
        c = hard_sigmoid(f) * state[1] + hard_sigmoid(i) * g.tanh()
        return hard_sigmoid(o) * c.tanh(), c


class LstmHard(Stacked, Lstm):
    """An LSTM whose gates can be wholly shut and wholly open.

    i_t, f_t, o_t = min(1, max(0, 0.2 (W_i x_t + b_i + W_h h_{t−1} + b_h) + 0.5)), a block each
    g_t = tanh(of the same, its own block)
    c_t = f_t ∘ c_{t−1} + i_t ∘ g_t
    h_t = o_t ∘ tanh(c_t)

    Source:
        Keras 1 and 2, `recurrent_activation="hard_sigmoid"`, which was what `LSTM` had by itself.
    """

    name, title = "lstmhard", "an LSTM (hard gates)"
    stacked_in = _Stack

    def reader(self, layer: Layer, signals: Sequence[str]) -> LayerReader:
        """Return a loop over steps: gates are had on the way, and c as it is."""
        return LstmReader(layer, hard_sigmoid_)


ARCHITECTURES.register(LstmHard.name, LstmHard())
