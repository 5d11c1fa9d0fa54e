"""The plain recurrent network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from builder.core.units import Kind, Signal
from builder.models.architecture import Held, Layer, LayerReader, State
from builder.models.architectures import ARCHITECTURES
from builder.models.pytorch import Given, LibraryArchitecture, each_step, stacked


class Rnn(LibraryArchitecture):
    """h_t = tanh(W_i x_t + b_i + W_h h_{t−1} + b_h).

    Source:
        Elman 1990, Finding structure in time.
    """

    name, title = "rnn", "an RNN"
    signals = (
        Signal("h", Kind.STATE, "hidden state", -1.0, 1.0),
        Signal("dh", Kind.CHANGE, "change of the hidden state", -1.0, 1.0, of="h"),
    )
    parameters = stacked("")
    module, mode = nn.RNN, "RNN_TANH"

    def reader(self, layer: Layer, signals: Sequence[str]) -> LayerReader:
        """Return a loop over steps."""
        return _Reader(layer)


class _Reader:
    """One product a step.

    Args:
        layer: The weights.
    """

    def __init__(self, layer: Layer) -> None:
        self._given = Given(layer, (0,))
        self._recurrent = layer.weights["weight_hh"].t().contiguous()  # [H, H]

    def read(
        self, ids: Tensor, inputs: Tensor, before: State, out: Mapping[str, Tensor],
        held: Held | None = None,
    ) -> tuple[Tensor, State]:
        (steps, streams), hidden = ids.shape, len(self._recurrent)
        output = out["h"] if "h" in out else torch.empty(steps, streams, hidden)
        h, total = before[0][0], torch.empty(1, streams, hidden)
        for x, below, now, dh in zip(
                ids, inputs, output, each_step(out, "dh"), strict=False):
            self._given.write(x, below, total)
            torch.tanh(total[0].addmm_(h, self._recurrent), out=now)
            if held is not None:
                held.put(now)
            if dh is not None:
                torch.sub(now, h, out=dh)
            h = now
        return output, (h[None].clone(),)


ARCHITECTURES.register(Rnn.name, Rnn())
